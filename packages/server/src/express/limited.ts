import type { NextFunction, Request, Response } from "express";
import type { Live } from "../assembly/create-live.ts";
import { limitRequest } from "../http/limit-request.ts";
import type { LimitedRequest } from "../http/limit-request.ts";
import { resolveLimited } from "../http/limited-options.ts";
import type { LimitedInput } from "../http/limited-options.ts";
import type { RouteMiddleware } from "./cached.ts";
import { requestState } from "./request-state.ts";
import { rerunOf } from "./rerun.ts";

/**
 * Limits how often requests come: put it before the handler, `app.post("/sign-in", limited(live, signInLimits(accountOf)), signIn)`, or before
 * all of them, `app.use(limited(live, api))`.
 *
 * A request above a limit is answered with 429 as problem+json and `Retry-After`, and goes no further. Every response carries `RateLimit` and
 * `RateLimit-Policy`. While the ground is away this node lets through its share. Errors of `identify` and of functions of the options
 * reach Express's error handling, and so does `LIVE_INPUT_INVALID` for a subject or a cost that is none.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is unknown or has a wrong value
 */
export function limited(live: Pick<Live, "door">, limits: LimitedInput<Request>): RouteMiddleware {
  const route = resolveLimited(limits);
  const { door } = live;

  async function handle(req: Request, res: Response, next: NextFunction): Promise<void> {
    const { fields, refusal, settle } = await limitRequest(door, route, requestOf(req));
    for (const [name, value] of fields) res.append(name, value);
    if (refusal) {
      const { status, headers, body } = refusal;
      res.status(status).set(headers).send(Buffer.from(body));
      return;
    }
    if (settle) res.once("finish", () => settle(res.statusCode));
    next();
  }

  function requestOf(req: Request): LimitedRequest<Request> {
    return {
      request: req,
      source: { headers: req.headers, remote: req.socket.remoteAddress },
      route: `${req.method} ${req.baseUrl}${String((req.route as { path?: unknown } | undefined)?.path ?? "")}`,
      identity: () => requestState(door, req).identity(),
    };
  }

  /** Express 4 knows nothing of promises. */
  async function ended(req: Request, res: Response, next: NextFunction): Promise<void> {
    try {
      await handle(req, res, next);
    } catch (error) {
      next(error);
    }
  }

  const middleware = (req: Request, res: Response, next: NextFunction): void => {
    // What Livecache asks again by itself costs nobody anything.
    if (rerunOf(req)) return next();
    door.tasks.track(ended(req, res, next));
  };
  return middleware as RouteMiddleware;
}
