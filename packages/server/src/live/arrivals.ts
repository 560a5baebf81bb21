import type { Cursor } from "@livecache/wire";
import type { Cancel, Clock } from "../base/clock.ts";

/** Those who wait for a channel of this node to come to a place. */
export interface Arrivals {
  /** Resolves when the channel has come to `cursor` or has been closed, or when the time is up. */
  reached(cursor: Cursor, withinMs: number): Promise<void>;
  /** The channel stands at `cursor` now. */
  note(cursor: Cursor): void;
  /** The channel is closed: nobody waits any more. */
  end(): void;
}

interface Waiter {
  readonly cursor: Cursor;
  readonly go: () => void;
}

/** Makes an empty set of those who wait. */
export function createArrivals(clock: Clock): Arrivals {
  const waiters = new Set<Waiter>();
  return {
    reached: (cursor, withinMs) =>
      new Promise((resolve) => {
        let cancel: Cancel = () => undefined;
        const waiter: Waiter = {
          cursor,
          go() {
            waiters.delete(waiter);
            cancel();
            resolve();
          },
        };
        waiters.add(waiter);
        cancel = clock.after(withinMs, waiter.go);
      }),
    note({ epoch, offset }) {
      for (const { cursor, go } of waiters) if (cursor.epoch === epoch && cursor.offset <= offset) go();
    },
    end() {
      for (const { go } of waiters) go();
    },
  };
}
