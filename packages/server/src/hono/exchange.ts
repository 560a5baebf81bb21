import { Readable } from "node:stream";
import type { Context, Next } from "hono";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { TagsOf } from "../http/cached-options.ts";
import type { CachedRoute } from "../http/cached-route.ts";
import type { StoreCause } from "../http/causes.ts";
import type { Headers as PlainHeaders } from "../http/field-list.ts";
import { HANDLER_LIMIT_MS } from "../http/handler-run.ts";
import type { HandlerRun, RunOrder } from "../http/handler-run.ts";
import { holdBody } from "../http/held-body.ts";
import type { Reply } from "../http/reply.ts";
import { presentAsPlainGet } from "./plain-get.ts";

/** One request on a cached route, and what it goes through. */
interface ExchangeInput {
  readonly door: LiveDoor;
  readonly route: CachedRoute;
  readonly tagsOf: TagsOf<Context>;
  readonly c: Context;
  readonly next: Next;
}

/** The same, under way. */
export interface Exchange extends ExchangeInput {
  /** Headers that stand on the response, without making one. */
  standing(): PlainHeaders;
  /** Lets the request go on as a plain GET, and tells what the handler made of it. Never rejects. */
  run(order: RunOrder): Promise<HandlerRun>;
  /** Makes this the response, in place of what there is. */
  send(reply: Reply): void;
  /** Resolves when the handler has ended, if it was let go on before that; rejects with what it threw and Hono did not take. */
  settled(): Promise<void>;
}

/** Node's adapter knows by this header that a handler has written to the raw response. */
const SENT_ALREADY = "x-hono-already-sent";

/** Makes the exchange. */
export function createExchange(input: ExchangeInput): Exchange {
  const { door, route, tagsOf, c, next } = input;
  let handling: Promise<void> = Promise.resolve();

  function standing(): PlainHeaders {
    // Reading `c.res` would make a response, whose headers then win over those of the handler.
    return plainHeaders(c.finalized ? c.res.headers : c.body(null).headers);
  }

  async function take(order: RunOrder, untilMs: number, outer: PlainHeaders): Promise<HandlerRun> {
    const { res } = c;
    const { status, headers, body } = res;
    const letGo = (cause: StoreCause): HandlerRun => {
      for (const [name, value] of order.marksOf(cause)) c.header(name, value, { append: true });
      return { type: "released", cause, status };
    };
    if (headers.has(SENT_ALREADY)) return letGo("streamed");
    if (!order.mayHold(status)) return letGo("status");
    const contentType = headers.get("content-type") ?? "";
    const bounds = { contentType, maxBytes: order.maxBytes, clock: door.clock, untilMs };
    const held = await holdBody((body ?? Readable.from([])) as AsyncIterable<Uint8Array>, bounds);
    if (held.type === "released") {
      replace(c, new Response(streamOf(held.rest), res));
      return letGo(held.cause);
    }
    try {
      const head = { status, headers: plainHeaders(headers), outer };
      return { type: "held", head, body: held.bytes, tags: tagsOf(c) };
    } catch (error) {
      return { type: "failed", error };
    }
  }

  return {
    // Field by field: a spread would be the dearest part of a hit.
    door,
    route,
    tagsOf,
    c,
    next,
    standing,
    run(order) {
      const outer = standing();
      const untilMs = door.clock.now() + HANDLER_LIMIT_MS;
      const restore = presentAsPlainGet(c);
      return new Promise((resolve) => {
        let isLate = false;
        const cancelLimit = door.clock.after(HANDLER_LIMIT_MS, () => {
          isLate = true;
          resolve({ type: "released", cause: "slow", status: 200 });
        });
        const handle = async (): Promise<void> => {
          try {
            await next();
          } catch (error) {
            resolve({ type: "released", cause: "status", status: 500 });
            throw error;
          } finally {
            cancelLimit();
            restore();
          }
          if (!isLate) return resolve(await take(order, untilMs, outer).catch(failed));
          for (const [name, value] of order.marksOf("slow")) c.header(name, value, { append: true });
        };
        handling = handle();
        // It is `settled` that tells.
        handling.catch(() => undefined);
      });
    },
    send(reply) {
      const headers = new Headers();
      const before = Object.entries(standing()).filter(
        ([name]) => !reply.without.includes(name) && !reply.headers.has(name),
      );
      for (const [name, value] of [...before, ...reply.headers]) append(headers, name, value);
      const body = reply.body && reply.body.length > 0 ? (reply.body as Uint8Array<ArrayBuffer>) : null;
      replace(c, new Response(body, { status: reply.status, headers }));
    },
    settled: () => handling,
  };
}

/** A body that is made as it is read. */
function streamOf(rest: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const piece = await rest.next();
      if (piece.done) controller.close();
      else controller.enqueue(piece.value);
    },
    async cancel() {
      await rest.return(undefined);
    },
  });
}

function failed(error: unknown): HandlerRun {
  return { type: "failed", error };
}

/** Hono would put the headers of the present response over those of the next. */
function replace(c: Context, response: Response): void {
  c.res = undefined;
  c.res = response;
}

function append(headers: Headers, name: string, value: PlainHeaders[string]): void {
  for (const each of typeof value === "object" ? value : [value]) headers.append(name, String(each));
}

function plainHeaders(headers: Headers): PlainHeaders {
  const plain: Record<string, string | readonly string[]> = Object.fromEntries(headers);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) plain["set-cookie"] = cookies;
  return plain;
}
