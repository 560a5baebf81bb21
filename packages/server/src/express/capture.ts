import type { ServerResponse } from "node:http";
import { holdResponse } from "./held-response.ts";
import type { HeldOutcome, HeldResponse, HoldOptions } from "./held-response.ts";
import { methodsOf, readChunk } from "./response-methods.ts";
import type { HeadArguments } from "./response-methods.ts";

/** A response whose handler writes to us instead of to the client. */
export interface Capture {
  readonly outcome: Promise<HeldOutcome>;
  /** Lets whoever writes next write to the client, with the headers that stand on the response. */
  open(): void;
  /** Ends a complete response with this body. */
  send(body: Uint8Array | undefined): void;
}

/**
 * Holds back what a handler writes to `res`, up to `maxBytes`, without the handler noticing. What cannot be held is released
 * and continues as if nothing had been in between: a status that is not stored, bodies that are too large, event streams, flushed
 * headers, and handlers that take too long.
 */
export function captureResponse(res: ServerResponse, options: HoldOptions): Capture {
  const real = methodsOf(res);
  const held = holdResponse(res, real, options);

  res.writeHead = (...args: unknown[]) => {
    if (held.state() === "open") real.writeHead(...(args as unknown as HeadArguments));
    else if (held.state() === "held") held.takeHead(args as unknown as HeadArguments);
    return res;
  };
  res.write = (...args: unknown[]) => {
    writeHeadFirst();
    if (held.state() === "open") return real.write(args[0], ...args.slice(1));
    const { bytes, callback } = readChunk(args);
    if (held.state() === "held") held.takeChunk(bytes);
    if (callback) queueMicrotask(callback);
    return true;
  };
  res.end = (...args: unknown[]) => {
    writeHeadFirst();
    if (held.state() === "open") real.end(...args);
    else if (held.state() === "held") endHeld(args);
    return res;
  };
  res.flushHeaders = () => {
    held.release("streamed");
    real.flushHeaders();
  };

  /** As Node does, and through `res`: middleware behind us may set headers, cookies even, at that moment. */
  function writeHeadFirst(): void {
    if (held.state() === "held" && !held.hasHead()) res.writeHead(res.statusCode);
  }

  function endHeld(args: readonly unknown[]): void {
    const { bytes, callback } = readChunk(args);
    if (callback) res.once("finish", callback);
    if (!held.takeEnd(bytes)) real.end(bytes);
  }

  // A body that has begun is likely piped from somewhere, and such a pipe ends with its reader, without a word to us.
  res.once("close", () => {
    if (held.hasHead()) held.release("left");
  });
  pretendSent(res, held);

  return {
    outcome: held.outcome,
    open: held.open,
    send(body) {
      held.open();
      real.end(body);
    },
  };
}

/** A handler that asks hears that what it has written is sent, as it would be without us. */
function pretendSent(res: ServerResponse, held: HeldResponse): void {
  const isSent = (name: "headersSent" | "writableEnded"): boolean =>
    Reflect.get(Object.getPrototypeOf(res) as object, name, res) as boolean;
  Object.defineProperties(res, {
    headersSent: {
      configurable: true,
      get: () =>
        held.state() === "open" ? isSent("headersSent") : held.state() === "complete" || held.hasHead(),
    },
    writableEnded: {
      configurable: true,
      get: () => (held.state() === "open" ? isSent("writableEnded") : held.state() === "complete"),
    },
  });
}
