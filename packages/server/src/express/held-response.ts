import type { ServerResponse } from "node:http";
import type { Clock } from "../base/clock.ts";
import type { StoreCause } from "../http/causes.ts";
import { HANDLER_LIMIT_MS } from "../http/handler-run.ts";
import { holdFault } from "../http/storable.ts";
import type { ResponseHead } from "../http/storable.ts";
import type { HeadArguments, ResponseMethods } from "./response-methods.ts";
import { applyHead } from "./response-methods.ts";

/** What became of a response that was held back. */
export type HeldOutcome =
  /** The handler ended it with a status that is held, and nothing was sent. */
  | { readonly type: "complete"; readonly head: ResponseHead; readonly body: Uint8Array }
  /** It was let go before its end: what the handler writes goes to the client. */
  | { readonly type: "released"; readonly cause: StoreCause };

/** Bounds of holding a response back. */
export interface HoldOptions {
  readonly maxBytes: number;
  /** Whether a complete response with this status is held; every other one is released. */
  readonly mayHold: (status: number) => boolean;
  readonly clock: Clock;
  /** Called before the first byte of a released response is sent; headers can still be set. */
  readonly onRelease: (cause: StoreCause) => void;
}

/**
 * A response between its handler and its client. `held`: the handler is writing, nothing is sent. `complete`: the handler has
 * ended, nothing is sent. `open`: writing is sending.
 */
export interface HeldResponse {
  readonly outcome: Promise<HeldOutcome>;
  state(): "held" | "complete" | "open";
  hasHead(): boolean;
  /** Takes what was given to `writeHead`. What cannot be held is released. */
  takeHead(args: HeadArguments): void;
  /** Takes what was given to `write`, after the head. What cannot be held is released. */
  takeChunk(chunk: Uint8Array): void;
  /** Takes the last piece. `false`: the response was released instead, and the piece is still to be sent. */
  takeEnd(chunk: Uint8Array): boolean;
  release(cause: StoreCause): void;
  open(): void;
}

/** Stands for an ETag, so that Express computes none: the cache makes its own from the finished bytes. */
const ETAG_STAND_IN = '"livecache-stand-in"';

/** Starts to hold `res` back. `real` are the methods that send. `outcome` resolves after {@link HANDLER_LIMIT_MS} at the latest. */
export function holdResponse(res: ServerResponse, real: ResponseMethods, options: HoldOptions): HeldResponse {
  const outer = { ...res.getHeaders() };
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let state: "held" | "complete" | "open" = "held";
  let hasHead = false;
  let settle: (outcome: HeldOutcome) => void;
  const outcome = new Promise<HeldOutcome>((resolve) => (settle = resolve));
  if (!res.hasHeader("etag")) res.setHeader("ETag", ETAG_STAND_IN);
  const cancelLimit = options.clock.after(HANDLER_LIMIT_MS, () => release("slow"));

  function leave(next: "complete" | "open"): void {
    if (state === "held") {
      cancelLimit();
      if (res.getHeader("etag") === ETAG_STAND_IN) res.removeHeader("etag");
    }
    state = next;
  }

  function release(cause: StoreCause): void {
    if (state !== "held") return;
    leave("open");
    options.onRelease(cause);
    for (const chunk of chunks) real.write(chunk);
    settle({ type: "released", cause });
  }

  /** Why the response cannot be held any longer, with so many bytes more. */
  function obstacle(moreBytes: number): StoreCause | undefined {
    const { maxBytes } = options;
    return holdFault(String(res.getHeader("content-type") ?? ""), { bytes: bytes + moreBytes, maxBytes });
  }

  function hold(chunk: Uint8Array): void {
    chunks.push(chunk);
    bytes += chunk.length;
  }

  return {
    outcome,
    state: () => state,
    hasHead: () => hasHead,
    takeHead(args) {
      applyHead(res, args);
      hasHead = true;
      const cause = obstacle(0);
      if (!cause) return;
      release(cause);
      real.writeHead(res.statusCode);
    },
    takeChunk(chunk) {
      hold(chunk);
      const cause = obstacle(0);
      if (cause) release(cause);
    },
    takeEnd(chunk) {
      const cause = options.mayHold(res.statusCode) ? obstacle(chunk.length) : "status";
      if (cause) {
        release(cause);
        return false;
      }
      hold(chunk);
      leave("complete");
      const head = { status: res.statusCode, headers: { ...res.getHeaders() }, outer };
      settle({ type: "complete", head, body: Buffer.concat(chunks) });
      return true;
    },
    release,
    open: () => leave("open"),
  };
}
