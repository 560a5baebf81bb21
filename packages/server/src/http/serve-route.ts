import type { LiveDoor } from "../assembly/create-live.ts";
import type { CachedRoute } from "./cached-options.ts";
import type { RouteHost } from "./route-host.ts";

/**
 * Answers one request on a cached route, whatever the framework: from memory at once, or else from the ground or the handler. Throws
 * or rejects with what belongs to the framework's error handling; nothing has been sent then.
 */
export function serveRoute(door: LiveDoor, route: CachedRoute, host: RouteHost): void | Promise<void> {
  throw new Error(`under construction: ${door.applied()?.seq} ${route.ttlMs} ${host.request.target}`);
}
