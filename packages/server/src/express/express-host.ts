import type { Request, Response } from "express";
import type { Headers } from "../http/field-list.ts";
import type { PlainRequest } from "../http/plan.ts";
import type { Reply } from "../http/reply.ts";
import type { RouteHost } from "../http/route-host.ts";
import type { Capture } from "./capture.ts";
import { runHandler } from "./handler-run.ts";
import type { Exchange } from "./handler-run.ts";
import { requestState } from "./request-state.ts";
import { connectionOf, rerunRoute } from "./rerun.ts";
import type { RerunOrder } from "./rerun.ts";

/** Makes what the core of cached routes asks of Express, for one request. */
export function createExpressHost(exchange: Exchange): RouteHost {
  const { door, req, res, next } = exchange;
  const state = requestState(door, req);
  let capture: Capture | undefined;
  return {
    request: plainRequest(req),
    fence: state.scope.fence,
    incoming: req,
    isNested: state.isCaptured,
    identity: () => door.scopes.run(state.scope, state.identity),
    standing: () => res.getHeaders() as Headers,
    run: (order) =>
      door.scopes.run(state.scope, async () => {
        state.isCaptured = true;
        const running = runHandler(exchange, order);
        capture = running.capture;
        return running.run;
      }),
    get rerun() {
      const connection = connectionOf(req.socket);
      return (order: RerunOrder) => rerunRoute(exchange, order, connection);
    },
    bypass(marks) {
      for (const [name, value] of marks) res.append(name, value);
      door.scopes.run(state.scope, next);
    },
    send: (reply, run) => send(res, reply, run && capture),
    reopen: () => capture?.open(),
  };
}

/**
 * The origin is the one Express believes in, so a trusted `X-Forwarded-Host` is part of the key. The port is not: the nodes of one
 * application may listen on different ones, and share their entries.
 */
function plainRequest(req: Request): PlainRequest {
  const { method, originalUrl, headers } = req;
  return { method, target: originalUrl, origin: `${req.protocol}://${req.hostname}`, headers };
}

/** Past `res.send`, which would do again what is done: the type, the length, the tag, the comparison. */
function send(res: Response, reply: Reply, capture: Capture | undefined): void {
  res.statusCode = reply.status;
  for (const name of reply.without) res.removeHeader(name);
  for (const [name, value] of reply.headers) res.setHeader(name, value);
  if (capture) capture.send(reply.body);
  else res.end(reply.body);
}
