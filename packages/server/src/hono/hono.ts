export { cached } from "./cached.ts";
export { liveErrors } from "./live-errors.ts";
export { liveRoutes } from "./live-routes.ts";
export type { LiveRoutesOptions } from "./live-routes.ts";
export { sameOriginWrites } from "./same-origin-writes.ts";
export { pathTag } from "../http/cache-key.ts";
export type { CachedOptions } from "../http/cached-options.ts";
export type { SameOriginOptions } from "../http/same-origin.ts";
