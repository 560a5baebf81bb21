import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { TagsOf } from "../http/cached-options.ts";
import type { CachedRoute } from "../http/cached-route.ts";
import type { StoreCause } from "../http/causes.ts";
import type { Headers } from "../http/field-list.ts";
import { HANDLER_LIMIT_MS } from "../http/handler-run.ts";
import type { HandlerRun, RunOrder } from "../http/handler-run.ts";
import { holdBody } from "../http/held-body.ts";
import type { Reply } from "../http/reply.ts";
import { holdFault } from "../http/storable.ts";
import { presentAsPlainGet } from "./plain-get.ts";

/** What Fastify hands to `onSend`, and takes from it. */
export type Payload =
  string | Uint8Array | Readable | ReadableStream<Uint8Array> | Response | null | undefined;

/** Tells Fastify what to send instead. */
export type SendDone = (error: Error | null, payload?: unknown) => void;

/** One request on a cached route, and what it goes through. */
export interface ExchangeInput {
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
  onSend(payload: Payload, done: SendDone): void;
  /** Answers, or sends the reply in place of what is held back. */
  send(reply: Reply): void;
  /** Whatever is sent from now on goes to the client. */
  reopen(): void;
  /** Gives an error to Fastify, wherever the request has come to. */
  fail(error: Error): void;
}

/** Makes the exchange; its state is the one of the reply: not asked yet, held back, or open. */
export function createExchange(input: ExchangeInput): Exchange {
  const { request, reply, isRerun } = input;
  let run: HeldReply | undefined;
  let sending: SendDone | undefined;
  let isTypeless = false;
  return {
    ...input,
    run(order) {
      const held = holdReply(input, order);
      run = held;
      return held.outcome;
    },
    onSend(payload, done) {
      if (run?.isHolding()) {
        sending = done;
        run.take(payload, done);
        return;
      }
      run?.mark();
      // Fastify has given a type to bytes that had none.
      if (isTypeless) reply.removeHeader("content-type");
      if (isRerun) {
        discard(payload);
        return done(null, null);
      }
      done(null, payload);
    },
    send(answer) {
      reply.code(answer.status);
      for (const name of answer.without) reply.removeHeader(name);
      for (const [name, value] of answer.headers) reply.header(name, value);
      const { body } = answer;
      const payload =
        body && body.length > 0 ? Buffer.from(body.buffer, body.byteOffset, body.length) : undefined;
      if (sending) return finish(sending, payload);
      isTypeless = payload !== undefined && !reply.hasHeader("content-type");
      reply.send(payload);
    },
    reopen: () => run?.open(),
    fail(error) {
      run?.open();
      if (sending) finish(sending, undefined, error);
      else if (!run) input.done(error);
      else request.log.error(error);
    },
  };

  function finish(done: SendDone, payload: Buffer | undefined, error: Error | null = null): void {
    sending = undefined;
    // HEAD: Fastify's own hook behind this one takes the body away, and says its length.
    if (error) done(error);
    else done(null, payload);
  }
}

/** A reply between its handler and its client. */
interface HeldReply {
  readonly outcome: Promise<HandlerRun>;
  isHolding(): boolean;
  /** Takes what the handler sends. What cannot be held is released. */
  take(payload: Payload, done: SendDone): void;
  /** Says on a released reply what became of it, if that is still to be said. */
  mark(): void;
  open(): void;
}

function holdReply(input: ExchangeInput, order: RunOrder): HeldReply {
  const { door, tagsOf, request, reply, done, isRerun } = input;
  const { raw } = reply;
  const outer = reply.getHeaders() as Headers;
  const untilMs = door.clock.now() + HANDLER_LIMIT_MS;
  let isHolding = true;
  let cause: StoreCause | undefined;
  let settle: (run: HandlerRun) => void = () => undefined;
  const outcome = new Promise<HandlerRun>((resolve) => (settle = resolve));
  const restore = presentAsPlainGet(request);
  const cancelLimit = door.clock.after(HANDLER_LIMIT_MS, () => release("slow"));
  const { writeHead } = raw;

  function leave(): void {
    isHolding = false;
    cancelLimit();
    restore();
  }

  function release(why: StoreCause): void {
    if (!isHolding) return;
    leave();
    cause = why;
    settle({ type: "released", cause: why, status: raw.statusCode });
  }

  function mark(): void {
    if (cause === undefined) return;
    for (const [name, value] of order.marksOf(cause)) {
      const before = reply.getHeader(name);
      reply.header(name, before === undefined ? value : `${String(before)}, ${value}`);
    }
    cause = undefined;
  }

  function letGo(why: StoreCause, payload: Payload | Readable, send: SendDone): void {
    release(why);
    mark();
    if (!isRerun) return send(null, payload);
    discard(payload);
    send(null, null);
  }

  function complete(bytes: Uint8Array): void {
    if (!isHolding) return;
    leave();
    const head = { status: raw.statusCode, headers: reply.getHeaders() as Headers, outer };
    try {
      settle({ type: "held", head, body: bytes, tags: tagsOf(request) });
    } catch (error) {
      settle({ type: "failed", error });
    }
  }

  async function takeStream(body: Readable | ReadableStream<Uint8Array>, send: SendDone): Promise<void> {
    const contentType = String(reply.getHeader("content-type") ?? "");
    const held = await holdBody(body as AsyncIterable<Uint8Array>, {
      contentType,
      maxBytes: order.maxBytes,
      clock: door.clock,
      untilMs,
    });
    if (held.type === "complete" && isHolding) return complete(held.bytes);
    if (held.type === "complete") return letGo("slow", Buffer.from(held.bytes), send);
    return letGo(held.cause, Readable.from(held.rest, { objectMode: false }), send);
  }

  // A handler that writes to the raw response: there is no holding that back.
  raw.writeHead = (...args: unknown[]) => {
    release("streamed");
    if (cause !== undefined) for (const [name, value] of order.marksOf(cause)) raw.appendHeader(name, value);
    cause = undefined;
    return writeHead.apply(raw, args as never);
  };
  done();

  return {
    outcome,
    isHolding: () => isHolding,
    mark,
    open: () => {
      if (isHolding) leave();
    },
    take(given, send) {
      const payload = unwrap(given, reply);
      if (!order.mayHold(raw.statusCode)) return letGo("status", payload, send);
      const contentType = String(reply.getHeader("content-type") ?? "");
      if (isStream(payload)) {
        const fault = holdFault(contentType, { bytes: 0, maxBytes: order.maxBytes });
        if (fault) return letGo(fault, payload, send);
        takeStream(payload, send).catch((error: unknown) => send(error as Error));
        return;
      }
      const bytes = Buffer.from((payload ?? "") as Uint8Array);
      const fault = holdFault(contentType, { bytes: bytes.length, maxBytes: order.maxBytes });
      if (fault) return letGo(fault, payload, send);
      complete(bytes);
    },
  };
}

/** Does to the reply what Fastify would with a `Response`, and answers its body. */
function unwrap(payload: Payload, reply: FastifyReply): Exclude<Payload, Response> {
  if (Object.prototype.toString.call(payload) !== "[object Response]")
    return payload as Exclude<Payload, Response>;
  const { status, headers, body } = payload as Response;
  reply.code(status);
  for (const [name, value] of headers) reply.header(name, value);
  return body as ReadableStream<Uint8Array> | null;
}

function isStream(payload: Payload): payload is Readable | ReadableStream<Uint8Array> {
  const { pipe, getReader } = (payload ?? {}) as Partial<Readable & ReadableStream>;
  return typeof pipe === "function" || typeof getReader === "function";
}

/** Ends a body that nobody reads. */
function discard(payload: Payload): void {
  if (payload instanceof Readable) payload.on("error", () => undefined).destroy();
  else if (isStream(payload)) (payload as ReadableStream).cancel().catch(() => undefined);
}
