import type { onRequestHookHandler } from "fastify";
import { judgeOrigin } from "../http/same-origin.ts";
import type { SameOriginOptions } from "../http/same-origin.ts";

/**
 * Refuses writes that another site made a signed-in browser send: `app.addHook("onRequest", sameOriginWrites())`. The error
 * `LIVE_ORIGIN_REFUSED` goes to the error handler; `liveErrors()` answers it with status 403. What is a write, and which pass:
 * {@link judgeOrigin}.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function sameOriginWrites(options: SameOriginOptions = {}): onRequestHookHandler {
  const judge = judgeOrigin(options);
  return (request, _reply, done) => done(judge(request.method, request.headers));
}
