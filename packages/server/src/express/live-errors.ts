import type { ErrorRequestHandler } from "express";
import { isLiveError } from "@livecache/wire";
import { problemOf } from "../http/problem.ts";

/**
 * Answers errors of Livecache as `application/problem+json` (RFC 9457): mount it after the routes, and after whatever logs
 * errors. Every other error, and one that comes when a response is on its way, is passed on.
 */
export function liveErrors(): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (!isLiveError(error) || res.headersSent) return next(error);
    const { status, headers, body } = problemOf(error);
    res.status(status).set(headers).send(Buffer.from(body));
  };
}
