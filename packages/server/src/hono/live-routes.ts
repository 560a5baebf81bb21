import type { MiddlewareHandler } from "hono";
import { POSITION_HEADER, formatPosition } from "@livecache/wire";
import type { Live } from "../assembly/create-live.ts";
import { refuseUnknown } from "../base/check.ts";
import { noteApplication, stateOf } from "./request-state.ts";
import type { Application } from "./request-state.ts";

/** What {@link liveRoutes} is given. */
export interface LiveRoutesOptions {
  /**
   * The application that the server calls. With it, cached routes can be run again in the background: `stale`, `refreshAt` and
   * `hardTimeout` need that.
   */
  readonly app?: Application;
}

/**
 * Read your writes, for the routes below it: mount it once, before them, `app.use(liveRoutes(live, { app }))`.
 *
 * What a request presents as `Live-Position` becomes the fence of everything that is read through `live.cache` on its behalf.
 * After a change was made on its behalf, its later reads see the change, and its response carries the change's position.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is unknown
 */
export function liveRoutes(live: Pick<Live, "door">, options: LiveRoutesOptions = {}): MiddlewareHandler {
  refuseUnknown("liveRoutes", options, ["app"]);
  const { door } = live;
  return async (c, next) => {
    const { scope } = stateOf(door, c);
    noteApplication(c, options.app);
    await door.scopes.run(scope, next);
    if (scope.changed) c.header(POSITION_HEADER, formatPosition(scope.changed));
  };
}
