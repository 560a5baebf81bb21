import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { TagsOf } from "../http/cached-options.ts";
import type { CachedRoute } from "../http/cached-route.ts";
import type { HandlerRun, RunOrder } from "../http/handler-run.ts";
import type { Reply } from "../http/reply.ts";
import { holdReply } from "./held-reply.ts";
import type { HeldReply } from "./held-reply.ts";
import { discard } from "./payload.ts";
import type { Payload } from "./payload.ts";

/** One request on a cached route, and what it goes through. */
interface ExchangeInput {
  readonly door: LiveDoor;
  readonly route: CachedRoute;
  readonly tagsOf: TagsOf<FastifyRequest>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Lets the request go on to its handler, or to error handling. */
  readonly done: (error?: Error) => void;
  /** Whether its response goes to nobody. */
  readonly isRerun: boolean;
}

/** The same, under way. */
export interface Exchange extends ExchangeInput {
  /** Lets the request go on as a plain GET, and tells what the handler made of it. Never rejects. */
  run(order: RunOrder): Promise<HandlerRun>;
  /** Takes what is about to be sent, and resolves with what is sent instead. */
  onSend(payload: Payload): Promise<unknown>;
  /** Answers, or sends the reply in place of what is held back. */
  send(reply: Reply): void;
  /** Whatever is sent from now on goes to the client. */
  reopen(): void;
  /** Gives an error to Fastify, wherever the request has come to. */
  fail(error: Error): void;
}

/** The end of an `onSend` that waits. */
interface Sending {
  resolve(payload: unknown): void;
  reject(error: Error): void;
}

/** Makes the exchange. */
export function createExchange(input: ExchangeInput): Exchange {
  const { door, route, tagsOf, request, reply, done, isRerun } = input;
  let run: HeldReply | undefined;
  let sending: Sending | undefined;
  let isTypeless = false;

  async function onSend(payload: Payload): Promise<unknown> {
    if (run?.isHolding()) {
      const waiting = new Promise<unknown>((resolve, reject) => (sending = { resolve, reject }));
      const released = await run.take(payload);
      if (!released) return waiting;
      sending = undefined;
      return end(released.payload);
    }
    run?.mark();
    // Fastify has given a type to bytes that had none.
    if (isTypeless) reply.removeHeader("content-type");
    return end(payload);
  }

  function end(payload: Payload): Payload {
    if (!isRerun) return payload;
    discard(payload);
    return null;
  }

  return {
    // Field by field: a spread would be the dearest part of a hit.
    door,
    route,
    tagsOf,
    request,
    reply,
    done,
    isRerun,
    onSend,
    run(order) {
      run = holdReply(input, order);
      // Only now: a handler may send at once.
      done();
      return run.outcome;
    },
    send({ status, without, headers, body }) {
      reply.code(status);
      for (const name of without) reply.removeHeader(name);
      for (const [name, value] of headers) reply.header(name, value);
      const isEmpty = body === undefined || body.length === 0;
      const payload = isEmpty ? nothing(request) : Buffer.from(body.buffer, body.byteOffset, body.length);
      if (sending) return sending.resolve(payload);
      isTypeless = !isEmpty && !reply.hasHeader("content-type");
      // Fastify makes JSON of null.
      reply.send(payload ?? undefined);
    },
    reopen: () => run?.open(),
    fail(error) {
      run?.open();
      if (sending) sending.reject(error);
      else if (!run) done(error);
      else request.log.error(error);
    },
  };
}

/** No body. Fastify would say of a HEAD that its length is 0; of a stream it says nothing. */
function nothing({ raw }: FastifyRequest): Readable | null {
  return raw.method === "HEAD" ? Readable.from([]) : null;
}
