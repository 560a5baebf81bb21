export { connectQueryClient, liveQueryOptions } from "./query-bridge.ts";
export type { LiveQueryKey, LiveQueryOptions } from "./query-bridge.ts";
