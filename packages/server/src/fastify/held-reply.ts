import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { TagsOf } from "../http/cached-options.ts";
import type { StoreCause } from "../http/causes.ts";
import type { Headers } from "../http/field-list.ts";
import { HANDLER_LIMIT_MS } from "../http/handler-run.ts";
import type { HandlerRun, RunOrder } from "../http/handler-run.ts";
import { holdBody } from "../http/held-body.ts";
import { holdFault } from "../http/storable.ts";
import { isStream, unwrap } from "./payload.ts";
import type { Payload, Stream } from "./payload.ts";
import { presentAsPlainGet } from "./plain-get.ts";

/** Whose reply it is. */
interface HoldInput {
  readonly door: LiveDoor;
  readonly tagsOf: TagsOf<FastifyRequest>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A reply between its handler and its client. */
export interface HeldReply {
  /** Resolves after {@link HANDLER_LIMIT_MS} at the latest, and never rejects. */
  readonly outcome: Promise<HandlerRun>;
  isHolding(): boolean;
  /** Takes what the handler sends. Resolves with what is sent now, or with nothing when it is held back. */
  take(payload: Payload): Promise<{ readonly payload: Payload } | undefined>;
  /** Says on a released reply what became of it, if that is still to be said. */
  mark(): void;
  open(): void;
}

/**
 * Holds a reply back when it comes to `onSend`, up to `maxBytes`. What cannot be held is released:
 * a status that is not stored, bodies that are too large, event streams, handlers that take too long or write to the raw response.
 */
export function holdReply(input: HoldInput, order: RunOrder): HeldReply {
  const { door, tagsOf, request, reply } = input;
  const outer = reply.getHeaders() as Headers;
  const untilMs = door.clock.now() + HANDLER_LIMIT_MS;
  let isHolding = true;
  let unsaid: StoreCause | undefined;
  let settle: (run: HandlerRun) => void = () => undefined;
  const outcome = new Promise<HandlerRun>((resolve) => (settle = resolve));
  const restore = presentAsPlainGet(request);
  const cancelLimit = door.clock.after(HANDLER_LIMIT_MS, () => release("slow"));

  function leave(): void {
    if (!isHolding) return;
    isHolding = false;
    cancelLimit();
    restore();
  }

  function release(cause: StoreCause): void {
    if (!isHolding) return;
    leave();
    unsaid = cause;
    settle({ type: "released", cause, status: reply.statusCode });
  }

  function mark(): void {
    if (unsaid === undefined) return;
    for (const [name, value] of order.marksOf(unsaid)) {
      const before = reply.getHeader(name);
      reply.header(name, before === undefined ? value : `${String(before)}, ${value}`);
    }
    unsaid = undefined;
  }

  function letGo(cause: StoreCause, payload: Payload): { readonly payload: Payload } {
    release(cause);
    mark();
    return { payload };
  }

  function complete(body: Uint8Array): undefined {
    leave();
    const head = { status: reply.statusCode, headers: reply.getHeaders() as Headers, outer };
    try {
      settle({ type: "held", head, body, tags: tagsOf(request) });
    } catch (error) {
      settle({ type: "failed", error });
    }
  }

  async function takeStream(body: Stream, contentType: string): ReturnType<HeldReply["take"]> {
    const { maxBytes } = order;
    const bounds = { contentType, maxBytes, clock: door.clock, untilMs };
    const held = await holdBody(body as AsyncIterable<Uint8Array>, bounds);
    if (held.type === "released") return letGo(held.cause, Readable.from(held.rest, { objectMode: false }));
    return isHolding ? complete(held.bytes) : letGo("slow", Buffer.from(held.bytes));
  }

  watchRaw(reply, () => {
    release("streamed");
    if (unsaid === undefined) return;
    for (const [name, value] of order.marksOf(unsaid)) reply.raw.appendHeader(name, value);
    unsaid = undefined;
  });
  return {
    outcome,
    isHolding: () => isHolding,
    mark,
    open: leave,
    async take(given) {
      const payload = unwrap(given, reply);
      if (!order.mayHold(reply.statusCode)) return letGo("status", payload);
      const contentType = String(reply.getHeader("content-type") ?? "");
      const bytes = isStream(payload) ? undefined : Buffer.from((payload ?? "") as Uint8Array);
      const fault = holdFault(contentType, { bytes: bytes?.length ?? 0, maxBytes: order.maxBytes });
      if (fault) return letGo(fault, payload);
      return bytes ? complete(bytes) : takeStream(payload as Stream, contentType);
    },
  };
}

/** Tells when a head is written. Before `onSend` that is a handler which writes to the raw response: nothing holds that back. */
function watchRaw({ raw }: FastifyReply, onHead: () => void): void {
  const { writeHead } = raw;
  raw.writeHead = (...args: unknown[]) => {
    onHead();
    return writeHead.apply(raw, args as never);
  };
}
