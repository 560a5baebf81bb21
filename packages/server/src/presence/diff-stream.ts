import { LiveError } from "@livecache/wire";
import type { PresenceDiffFrame } from "@livecache/wire";
import type { TakeFrame } from "./followed-channels.ts";

/** The differences of a channel, for `for await`. Ending the loop, or `close`, stops it. */
export interface PresenceStream extends AsyncIterableIterator<PresenceDiffFrame> {
  /** Idempotent. */
  close(): void;
}

/** Most differences that wait for a loop that does not take them; beyond, all but the last are dropped, and its `from` shows it. */
const MAX_WAITING = 1_000;

/** Makes a stream of what `listen` tells. */
export function createPresenceStream(listen: (take: TakeFrame) => () => void): PresenceStream {
  let waiting: PresenceDiffFrame[] = [];
  let taker: ((result: IteratorResult<PresenceDiffFrame>) => void) | undefined;
  let ended = false;

  function take(frame: PresenceDiffFrame): void {
    const waits = taker;
    taker = undefined;
    if (waits) return waits({ done: false, value: frame });
    if (waiting.length >= MAX_WAITING) waiting = [];
    waiting.push(frame);
  }

  const stop = listen(take);
  const stream: PresenceStream = {
    next() {
      const first = waiting.shift();
      if (first) return Promise.resolve({ done: false, value: first });
      if (ended) return Promise.resolve({ done: true, value: undefined });
      if (taker) return Promise.reject(new LiveError("LIVE_INPUT_INVALID", "follow: one loop at a time."));
      return new Promise((resolve) => (taker = resolve));
    },
    async return() {
      stream.close();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => stream,
    close() {
      if (ended) return;
      ended = true;
      stop();
      waiting = [];
      taker?.({ done: true, value: undefined });
      taker = undefined;
    },
  };
  return stream;
}
