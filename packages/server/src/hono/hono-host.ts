import type { IncomingMessage } from "node:http";
import type { Context } from "hono";
import type { PlainRequest } from "../http/plan.ts";
import type { RouteHost } from "../http/route-host.ts";
import type { Exchange } from "./exchange.ts";
import { stateOf, targetOf } from "./request-state.ts";
import type { Application } from "./request-state.ts";
import { rerunRoute } from "./rerun.ts";

/** Makes what the core of cached routes asks of Hono, for one request. Without the application nothing can be run again. */
export function createHonoHost(exchange: Exchange, app: Application | undefined): RouteHost {
  const { door, c, next } = exchange;
  const state = stateOf(door, c);
  return {
    request: plainRequest(c),
    fence: state.scope.fence,
    incoming: (c.env as { incoming?: IncomingMessage } | undefined)?.incoming,
    isNested: state.isCaptured,
    identity: () => door.scopes.run(state.scope, state.identity),
    standing: exchange.standing,
    run: (order) =>
      door.scopes.run(state.scope, () => {
        state.isCaptured = true;
        return exchange.run(order);
      }),
    rerun: app && ((order) => rerunRoute(exchange, app, order)),
    async bypass(marks) {
      await door.scopes.run(state.scope, next);
      for (const [name, value] of marks) c.header(name, value, { append: true });
    },
    send: exchange.send,
    reopen: () => undefined,
  };
}

/**
 * The origin is the one in the URL that Hono was given; Node's adapter takes it from `Host`. The port is not part of it: the nodes of
 * one application may listen on different ones, and share their entries.
 */
function plainRequest({ req }: Context): PlainRequest {
  const { url, method } = req;
  const target = targetOf(url);
  const origin = url.slice(0, url.length - target.length).replace(/:\d+$/, "");
  return { method, target, origin, headers: req.header() };
}
