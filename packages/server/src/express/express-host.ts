import type { Request } from "express";
import type { Position } from "@livecache/wire";
import type { Identity } from "../base/identity.ts";
import { scopeOf } from "../http/fence.ts";
import type { Headers } from "../http/field-list.ts";
import type { HandlerRun, HeldRun, Marks, RunOrder } from "../http/handler-run.ts";
import type { PlainRequest } from "../http/plan.ts";
import type { Reply } from "../http/reply.ts";
import type { RouteHost } from "../http/route-host.ts";
import type { Capture } from "./capture.ts";
import { runHandler } from "./handler-run.ts";
import type { Exchange } from "./handler-run.ts";
import { knownState, requestState } from "./request-state.ts";
import type { RequestState } from "./request-state.ts";
import { connectionOf, rerunRoute } from "./rerun.ts";

/**
 * What the core of cached routes asks of Express, for one request. A class, and what a hit does not need is made when it is asked for:
 * a hit spends as much on collecting what was made for it as on anything else that is ours.
 */
export class ExpressHost implements RouteHost {
  readonly request: PlainRequest;
  readonly #exchange: Exchange;
  #capture: Capture | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.request = plainRequest(exchange.req);
  }

  get incoming(): Request {
    return this.#exchange.req;
  }

  get fence(): Position | undefined {
    const { door, req } = this.#exchange;
    return (knownState(door, req)?.scope ?? scopeOf(req.headers)).fence;
  }

  get isNested(): boolean {
    const { door, req } = this.#exchange;
    return knownState(door, req)?.isCaptured ?? false;
  }

  get #state(): RequestState {
    return requestState(this.#exchange.door, this.#exchange.req);
  }

  identity(): Promise<Identity | undefined> {
    const state = this.#state;
    return this.#exchange.door.scopes.run(state.scope, state.identity);
  }

  standing(): Headers {
    return this.#exchange.res.getHeaders() as Headers;
  }

  run(order: RunOrder): Promise<HandlerRun> {
    const state = this.#state;
    state.isCaptured = true;
    const running = this.#exchange.door.scopes.run(state.scope, () => runHandler(this.#exchange, order));
    this.#capture = running.capture;
    return running.run;
  }

  get rerun(): NonNullable<RouteHost["rerun"]> {
    const exchange = this.#exchange;
    const connection = connectionOf(exchange.req.socket);
    return (order) => rerunRoute(exchange, order, connection);
  }

  bypass(marks: Marks): void {
    const { door, res, next } = this.#exchange;
    for (const [name, value] of marks) res.append(name, value);
    door.scopes.run(this.#state.scope, next);
  }

  /** Past `res.send`, which would do again what is done: the type, the length, the tag, the comparison. */
  send(reply: Reply, run: HeldRun | undefined): void {
    const { res } = this.#exchange;
    res.statusCode = reply.status;
    for (const name of reply.without) res.removeHeader(name);
    for (const [name, value] of reply.headers) res.setHeader(name, value);
    if (run && this.#capture) this.#capture.send(reply.body);
    else res.end(reply.body);
  }

  reopen(): void {
    this.#capture?.open();
  }
}

/**
 * The origin is the one Express believes in, so a trusted `X-Forwarded-Host` is part of the key. The port is not: the nodes of one
 * application may listen on different ones, and share their entries.
 */
function plainRequest(req: Request): PlainRequest {
  const { method, originalUrl, headers } = req;
  return { method, target: originalUrl, origin: `${req.protocol}://${req.hostname}`, headers };
}
