export { cached } from "./cached.ts";
export { liveErrors } from "./live-errors.ts";
export { liveRoutes } from "./live-routes.ts";
export type { LiveRoutesOptions } from "./live-routes.ts";
export { pathTag } from "../http/cache-key.ts";
export type { CachedOptions } from "../http/cached-options.ts";
