export { cached } from "./cached.ts";
export type { RouteMiddleware } from "./cached.ts";
export { liveErrors } from "./live-errors.ts";
export { liveRoutes } from "./live-routes.ts";
export { uploadProgress } from "../http/upload-progress.ts";
export type { UploadChannel, UploadMiddleware, UploadOptions } from "../http/upload-progress.ts";
export { pathTag } from "../http/cache-key.ts";
export type { CachedOptions } from "../http/cached-options.ts";
