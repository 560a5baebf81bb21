import type { ErrorHandler } from "hono";
import { isLiveError } from "@livecache/wire";
import { problemOf } from "../http/problem.ts";

/**
 * Answers errors of Livecache as `application/problem+json` (RFC 9457): `app.onError(liveErrors(others))`. Every other error goes to
 * `others`, the application's own handler, which logs it and answers; Hono has room for one handler only.
 */
export function liveErrors(others: ErrorHandler): ErrorHandler {
  return (error, c) => {
    if (!isLiveError(error)) return others(error, c);
    const { status, headers, body } = problemOf(error);
    return new Response(body, { status, headers });
  };
}
