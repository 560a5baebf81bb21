import type { RequestHandler } from "express";
import { judgeOrigin } from "../http/same-origin.ts";
import type { SameOriginOptions } from "../http/same-origin.ts";

/**
 * Refuses writes that another site made a signed-in browser send: mount it before the routes, `app.use(sameOriginWrites())`. The error
 * `LIVE_ORIGIN_REFUSED` goes to the error handlers; `liveErrors()` answers it with status 403. What is a write, and which pass:
 * {@link judgeOrigin}.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function sameOriginWrites(options: SameOriginOptions = {}): RequestHandler {
  const judge = judgeOrigin(options);
  return (req, _res, next) => next(judge(req.method, req.headers));
}
