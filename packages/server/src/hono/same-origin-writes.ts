import type { MiddlewareHandler } from "hono";
import { judgeOrigin } from "../http/same-origin.ts";
import type { SameOriginOptions } from "../http/same-origin.ts";

/**
 * Refuses writes that another site made a signed-in browser send: `app.use(sameOriginWrites())`. The error `LIVE_ORIGIN_REFUSED` goes
 * to `app.onError`; `liveErrors()` answers it with status 403. What is a write, and which pass: {@link judgeOrigin}.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function sameOriginWrites(options: SameOriginOptions = {}): MiddlewareHandler {
  const judge = judgeOrigin(options);
  return async (c, next) => {
    const refused = judge(c.req.method, {
      "sec-fetch-site": c.req.header("sec-fetch-site"),
      origin: c.req.header("origin"),
      // A server that speaks HTTP/2, or a test that calls the application itself, gives the host in the URL only.
      host: c.req.header("host") ?? new URL(c.req.url).host,
    });
    if (refused) throw refused;
    await next();
  };
}
