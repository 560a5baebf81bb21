import type { FastifyPluginCallback } from "fastify";
import { POSITION_HEADER, formatPosition } from "@livecache/wire";
import type { Live } from "../assembly/create-live.ts";
import { stateOf } from "./request-state.ts";

/** By this Fastify knows a plugin whose hooks are meant for the context that registers it, not for one of its own. */
const SKIP_OVERRIDE = Symbol.for("skip-override");
const DISPLAY_NAME = Symbol.for("fastify.display-name");

/**
 * Read your writes, for the routes of the context that registers it and of those below: `app.register(liveRoutes(live))`, before them.
 *
 * What a request presents as `Live-Position` becomes the fence of everything that is read through `live.cache` on its behalf.
 * After a change was made on its behalf, its later reads see the change, and its response carries the change's position.
 */
export function liveRoutes(live: Pick<Live, "door">): FastifyPluginCallback {
  const { door } = live;
  const plugin: FastifyPluginCallback = (app, _options, registered) => {
    app.addHook("onRequest", (request, reply, done) => {
      const { scope } = stateOf(door, request);
      const { raw } = reply;
      // Not onSend: handlers that write to the raw response tell their position as well.
      const { writeHead } = raw;
      raw.writeHead = (...args: unknown[]) => {
        if (scope.changed && !raw.headersSent) raw.setHeader(POSITION_HEADER, formatPosition(scope.changed));
        return writeHead.apply(raw, args as never);
      };
      door.scopes.run(scope, done);
    });
    registered();
  };
  return Object.assign(plugin, { [SKIP_OVERRIDE]: true, [DISPLAY_NAME]: "livecache" });
}
