import type { Context, MiddlewareHandler } from "hono";
import type { Live } from "../assembly/create-live.ts";
import type { Duration } from "../base/duration.ts";
import { fullOptions, resolveCachedOptions, resolveTags } from "../http/cached-options.ts";
import type { CachedOptions } from "../http/cached-options.ts";
import { refuseRerunOptions } from "../http/rerun-options.ts";
import { preparePush } from "../http/push-source.ts";
import { serveRoute } from "../http/serve-route.ts";
import { createExchange } from "./exchange.ts";
import { createHonoHost } from "./hono-host.ts";
import { applicationOf } from "./request-state.ts";
import { rerunOf, serveRerun } from "./rerun.ts";

/**
 * Caches a GET route: put it before the handler, `app.get("/summary", cached(live, { ttl: "5m" }), summary)`. `"5m"` or `"medium"`
 * alone stands for `{ ttl: "5m" }`.
 *
 * A stored response is answered without running the handler, until its TTL ends or a tag of it moves. Of many requests for one
 * missing response, one runs the handler and all are answered from it. Everything about a request that its key does not hold
 * must not change the response: name it in `vary`. Requests with credentials go past the cache unless the route says how it
 * varies, or that it is public; `docs/reference/http.md` has all rules and headers.
 *
 * `stale`, `refreshAt` and `hardTimeout` have the route run again in the background. That needs the application: mount
 * `liveRoutes(live, { app })` before the route; without it such a route answers every request with `LIVE_OPTIONS_INVALID`.
 *
 * While the ground is away, handlers run, and what they answer is shared for at most a second. Errors of a handler reach `onError`
 * and are not stored. Errors of `identify` and `tags` go there too.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is unknown or has a wrong value, `LIVE_INPUT_INVALID` for a
 * malformed tag
 */
export function cached(
  live: Pick<Live, "door">,
  options: CachedOptions<Context> | (Duration & string),
): MiddlewareHandler {
  const full = fullOptions(options);
  const route = resolveCachedOptions(full);
  const tagsOf = resolveTags(full.tags);
  const { door } = live;
  preparePush(door, route);
  return async (c, next) => {
    const app = applicationOf(c);
    if (!app) refuseRerunOptions(route, "Hono, without liveRoutes(live, { app }) before the route,");
    const exchange = createExchange({ door, route, tagsOf, c, next });
    const host = createHonoHost(exchange, app);
    const rerun = rerunOf(c, { door, route });
    await (rerun ? serveRerun(rerun, exchange, host) : serveRoute(door, route, host));
    await exchange.settled();
  };
}
