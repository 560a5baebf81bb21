import type { FastifyReply, FastifyRequest } from "fastify";
import { isLiveError } from "@livecache/wire";
import { problemOf } from "../http/problem.ts";

/**
 * Answers errors of Livecache as `application/problem+json` (RFC 9457): `app.setErrorHandler(liveErrors())`. Every other error goes
 * on to the error handler around it, in the end Fastify's own.
 */
export function liveErrors(): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, _request, reply) => {
    if (!isLiveError(error)) return void reply.send(error);
    const { status, headers, body } = problemOf(error);
    reply.code(status).headers(headers).send(Buffer.from(body));
  };
}
