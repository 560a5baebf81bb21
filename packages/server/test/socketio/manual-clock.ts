import { systemClock } from "../../src/base/clock.ts";
import type { Clock } from "../../src/base/clock.ts";

/** A clock whose time passes only by {@link ManualClock.advance}. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** Makes a clock that stands at 0. */
export function createManualClock(): ManualClock {
  let nowMs = 0;
  const due = new Map<() => void, number>();
  return {
    now: () => nowMs,
    wall: systemClock.wall,
    after(delayMs, task) {
      const entry = (): void => task();
      due.set(entry, nowMs + delayMs);
      return () => due.delete(entry);
    },
    advance(ms) {
      nowMs += ms;
      for (const [entry, atMs] of due) {
        if (atMs > nowMs) continue;
        due.delete(entry);
        entry();
      }
    },
  };
}
