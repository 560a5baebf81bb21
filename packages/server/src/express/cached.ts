import type { NextFunction, Request, Response } from "express";
import { LiveError } from "@livecache/wire";
import type { Live } from "../assembly/create-live.ts";
import type { Loaded, Resolved } from "../cache/request.ts";
import { bypassedStatus } from "../http/cache-status.ts";
import { resolveCachedOptions, resolveTags } from "../http/cached-options.ts";
import type { CachedOptions } from "../http/cached-options.ts";
import { planRequest } from "../http/plan.ts";
import type { Plan, PlainRequest } from "../http/plan.ts";
import { replyTo } from "../http/reply.ts";
import { responseCodec } from "../http/stored-response.ts";
import type { StoredResponse } from "../http/stored-response.ts";
import { runHandler } from "./handler-run.ts";
import type { Exchange, HandlerRun } from "./handler-run.ts";
import { requestState } from "./request-state.ts";

type Lookup = Extract<Plan, { type: "lookup" }>;
type HeldRun = Extract<HandlerRun, { type: "held" }>;

/** Middleware for any route: Express goes on inferring the parameters of the handlers behind it from the path. */
export type RouteMiddleware = <Params, ResBody, ReqBody, Query, Locals extends Record<string, unknown>>(
  req: Request<Params, ResBody, ReqBody, Query, Locals>,
  res: Response<ResBody, Locals>,
  next: NextFunction,
) => void | Promise<void>;

const NOTHING_TO_SHARE: Loaded<StoredResponse> = {
  store: false,
  value: { headers: new Map(), body: new Uint8Array() },
};

/**
 * Caches a GET route: put it before the handler.
 *
 * A stored response is answered without running the handler, until its TTL ends or a tag of it moves. Of many requests for one
 * missing response, one runs the handler and all are answered from it. Everything about a request that its key does not hold
 * must not change the response: name it in `vary`. Requests with credentials go past the cache unless the route says how it
 * varies, or that it is public; `docs/reference/http.md` has all rules and headers.
 *
 * While the ground is away, handlers run, and what they answer is shared for at most a second. Errors of a handler reach
 * Express's error handling and are not stored. Errors of `identify` and `tags` go there too.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is unknown or has a wrong value, `LIVE_INPUT_INVALID` for a
 * malformed tag
 */
export function cached(live: Pick<Live, "door">, options: CachedOptions<Request>): RouteMiddleware {
  const route = resolveCachedOptions(options);
  const tagsOf = resolveTags(options.tags);
  const { door } = live;
  const handle = (req: Request, res: Response, next: NextFunction): void | Promise<void> => {
    const state = requestState(door, req);
    const exchange: Exchange = { door, state, route, tagsOf, req, res, next };
    return door.scopes.run(state.scope, () => {
      const plan = planRequest(route, plainRequest(req), state.identity);
      return plan instanceof Promise ? plan.then((made) => follow(exchange, made)) : follow(exchange, plan);
    });
  };
  return handle as RouteMiddleware;
}

/**
 * The origin is the one Express believes in, so a trusted `X-Forwarded-Host` is part of the key. The port is not: the nodes of one
 * application may listen on different ones, and share their entries.
 */
function plainRequest(req: Request): PlainRequest {
  const { method, originalUrl, headers } = req;
  return { method, target: originalUrl, origin: `${req.protocol}://${req.hostname}`, headers };
}

function follow(exchange: Exchange, plan: Plan): void | Promise<void> {
  if (plan.type === "bypass") {
    exchange.res.append("Cache-Status", bypassedStatus(plan.cause));
    return exchange.next();
  }
  if (exchange.state.isCaptured) throw nested(exchange.req);
  const near = exchange.door.cache.peek<StoredResponse>(plan.key);
  return near ? answer(exchange, plan, { resolved: near, run: undefined }) : readThrough(exchange, plan);
}

/** The inner one would wait for the outer one, or the outer one share what the inner one keeps apart. */
function nested({ method, originalUrl }: Request): LiveError {
  return new LiveError(
    "LIVE_OPTIONS_INVALID",
    `cached: ${method} ${originalUrl} goes through cached twice. Keep one of them: the one nearest to the handler.`,
  );
}

async function readThrough(exchange: Exchange, plan: Lookup): Promise<void> {
  const done: { run?: HandlerRun } = {};
  const load = async (): Promise<Loaded<StoredResponse>> => {
    const run = await runHandler(exchange);
    done.run = run;
    return run.type === "held" ? run.loaded : NOTHING_TO_SHARE;
  };
  try {
    const resolved = await exchange.door.cache.resolve({ key: plan.key, codec: responseCodec, load });
    if (done.run?.type === "failed") throw done.run.error;
    if (done.run?.type !== "released") answer(exchange, plan, { resolved, run: done.run });
  } catch (error) {
    if (done.run && done.run.type !== "released") done.run.capture.open();
    throw error;
  }
}

interface Answer {
  readonly resolved: Resolved<StoredResponse>;
  /** How this request came to the response, if it ran the handler itself. */
  readonly run: HeldRun | undefined;
}

function answer({ door, route, req, res }: Exchange, plan: Lookup, { resolved, run }: Answer): void {
  const { position } = resolved;
  const claim = {
    key: plan.key,
    tags: run?.tags ?? resolved.tags,
    vary: route.identityFields,
    digest: plan.digest,
  };
  const reply = replyTo({
    route,
    request: req.headers,
    standing: res.getHeaders(),
    resolved,
    cause: run?.fault,
    token: position && door.tokens.mint({ ...claim, position }),
  });
  res.statusCode = reply.status;
  for (const name of reply.without) res.removeHeader(name);
  for (const [name, value] of reply.headers) res.setHeader(name, value);
  if (run) run.capture.send(reply.body);
  else res.end(reply.body);
}
