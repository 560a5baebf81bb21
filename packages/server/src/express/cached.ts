import type { NextFunction, Request, Response } from "express";
import type { Live } from "../assembly/create-live.ts";
import type { Duration } from "../base/duration.ts";
import { fullOptions, resolveCachedOptions, resolveTags } from "../http/cached-options.ts";
import type { CachedOptions } from "../http/cached-options.ts";
import { preparePush } from "../http/push-source.ts";
import { serveRoute } from "../http/serve-route.ts";
import { ExpressHost } from "./express-host.ts";
import { rerunOf, serveRerun } from "./rerun.ts";

/** Middleware for any route: Express goes on inferring the parameters of the handlers behind it from the path. */
export type RouteMiddleware = <Params, ResBody, ReqBody, Query, Locals extends Record<string, unknown>>(
  req: Request<Params, ResBody, ReqBody, Query, Locals>,
  res: Response<ResBody, Locals>,
  next: NextFunction,
) => void | Promise<void>;

/**
 * Caches a GET route: put it before the handler. `"5m"` or `"medium"` alone stands for `{ ttl: "5m" }`.
 *
 * A stored response is answered without running the handler, until its TTL ends or a tag of it moves. Of many requests for one
 * missing response, one runs the handler and all are answered from it. Everything about a request that its key does not hold
 * must not change the response: name it in `vary`. Requests with credentials go past the cache unless the route says how it
 * varies, or that it is public; `docs/reference/http.md` has all rules and headers.
 *
 * While the ground is away, handlers run, and what they answer is shared for at most a second. Errors of a handler reach
 * Express's error handling and are not stored. Errors of `identify` and `tags` go there too, in Express 4 as well.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is unknown or has a wrong value, `LIVE_INPUT_INVALID` for a
 * malformed tag
 */
export function cached(
  live: Pick<Live, "door">,
  options: CachedOptions<Request> | (Duration & string),
): RouteMiddleware {
  const full = fullOptions(options);
  const route = resolveCachedOptions(full);
  const tagsOf = resolveTags(full.tags);
  const { door } = live;
  preparePush(door, route);
  const handle = (req: Request, res: Response, next: NextFunction): void | Promise<void> => {
    const host = new ExpressHost({ door, route, tagsOf, req, res, next });
    const rerun = rerunOf(req);
    const serving =
      rerun?.route === route && rerun.door === door
        ? serveRerun(rerun, host, res)
        : serveRoute(door, route, host);
    return serving && ended(serving, next);
  };
  return handle as RouteMiddleware;
}

/** Express 4 knows nothing of promises. */
async function ended(serving: Promise<void>, next: NextFunction): Promise<void> {
  try {
    await serving;
  } catch (error) {
    next(error);
  }
}
