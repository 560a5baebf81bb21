import type { FastifyRequest } from "fastify";
import type { Headers } from "../http/field-list.ts";
import type { PlainRequest } from "../http/plan.ts";
import type { RouteHost } from "../http/route-host.ts";
import type { Exchange } from "./exchange.ts";
import { stateOf } from "./request-state.ts";
import { rerunRoute } from "./rerun.ts";

/** Makes what the core of cached routes asks of Fastify, for one request. */
export function createFastifyHost(exchange: Exchange): RouteHost {
  const { door, request, reply, done } = exchange;
  const state = stateOf(door, request);
  return {
    request: plainRequest(request),
    fence: state.scope.fence,
    incoming: request.raw,
    isNested: state.isCaptured,
    identity: () => door.scopes.run(state.scope, state.identity),
    standing: () => reply.getHeaders() as Headers,
    run: (order) =>
      door.scopes.run(state.scope, () => {
        state.isCaptured = true;
        return exchange.run(order);
      }),
    rerun: (order) => rerunRoute(exchange, order),
    bypass(marks) {
      for (const [name, value] of marks) reply.header(name, joined(reply.getHeader(name), value));
      door.scopes.run(state.scope, done);
    },
    send: (answer) => exchange.send(answer),
    reopen: () => exchange.reopen(),
  };
}

function joined(before: unknown, value: string): string {
  return before === undefined ? value : `${String(before)}, ${value}`;
}

/**
 * The origin is the one Fastify believes in, so a trusted `X-Forwarded-Host` is part of the key. The port is not: the nodes of one
 * application may listen on different ones, and share their entries.
 */
function plainRequest({ raw, protocol, hostname, originalUrl }: FastifyRequest): PlainRequest {
  const { method = "GET", headers } = raw;
  return { method, target: originalUrl, origin: `${protocol}://${hostname}`, headers };
}
