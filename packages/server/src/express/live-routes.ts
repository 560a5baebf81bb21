import type { RequestHandler } from "express";
import { POSITION_HEADER, formatPosition } from "@livecache/wire";
import type { Live } from "../assembly/create-live.ts";
import { requestState } from "./request-state.ts";

/**
 * Read your writes, for the routes below it: mount it once, before them.
 *
 * What a request presents as `Live-Position` becomes the fence of everything that is read through `live.cache` on its behalf.
 * After a change was made on its behalf, its later reads see the change, and its response carries the change's position.
 */
export function liveRoutes(live: Pick<Live, "door">): RequestHandler {
  const { door } = live;
  return (req, res, next) => {
    const { scope } = requestState(door, req);
    const { writeHead } = res;
    res.writeHead = (...args: unknown[]) => {
      if (scope.changed && !res.headersSent) res.setHeader(POSITION_HEADER, formatPosition(scope.changed));
      return writeHead.apply(res, args as never);
    };
    door.scopes.run(scope, next);
  };
}
