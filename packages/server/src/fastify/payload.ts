import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/** What Fastify hands to `onSend`. */
export type Payload = string | Uint8Array | Stream | Response | null | undefined;

/** A body that is still being made. */
export type Stream = Readable | ReadableStream<Uint8Array>;

/** Does to the reply what Fastify would with a `Response`, and answers its body. */
export function unwrap(payload: Payload, reply: FastifyReply): Exclude<Payload, Response> {
  if (!isResponse(payload)) return payload;
  reply.code(payload.status);
  for (const [name, value] of payload.headers) reply.header(name, value);
  return payload.body as ReadableStream<Uint8Array> | null;
}

function isResponse(payload: Payload): payload is Response {
  return Object.prototype.toString.call(payload) === "[object Response]";
}

export function isStream(payload: Payload): payload is Stream {
  const { pipe, getReader } = (payload ?? {}) as Partial<Readable & ReadableStream>;
  return typeof pipe === "function" || typeof getReader === "function";
}

/** Ends a body that nobody reads. */
export function discard(payload: Payload): void {
  if (payload instanceof Readable) payload.on("error", () => undefined).destroy();
  else if (isStream(payload)) (payload as ReadableStream).cancel().catch(() => undefined);
}
