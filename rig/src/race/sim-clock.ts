import type { Clock } from "livecache";

/** A clock that stands still until it is moved. Everything scheduled runs in order of its instant, one turn after another. */
export interface SimClock extends Clock {
  /** Runs what is scheduled, in order, until `done()` or until nothing is left before `untilMs`. */
  run(untilMs: number, done: () => boolean): Promise<void>;
}

/**
 * How many microtask turns a step gets before time moves on. Longer chains simply run on while the next step happens, as on a
 * busy machine; the order stays the same for the same seed.
 */
const TURNS_PER_STEP = 20;

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly task: () => void;
  cancelled: boolean;
}

/** Makes a clock at 0; its wall time starts at a fixed date. */
export function createSimClock(): SimClock {
  const wallAtZero = Date.UTC(2026, 0, 1);
  let nowMs = 0;
  let order = 0;
  const timers: Timer[] = [];

  function takeNext(): Timer | undefined {
    let best = -1;
    for (const [index, timer] of timers.entries()) {
      const current = timers[best];
      const earlier =
        !current || timer.atMs < current.atMs || (timer.atMs === current.atMs && timer.order < current.order);
      if (earlier) best = index;
    }
    return best < 0 ? undefined : timers.splice(best, 1)[0];
  }

  return {
    now: () => nowMs,
    wall: () => wallAtZero + nowMs,
    after(delayMs, task) {
      const timer: Timer = { atMs: nowMs + Math.max(0, delayMs), order: order++, task, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    async run(untilMs, done) {
      for (;;) {
        for (let turn = 0; turn < TURNS_PER_STEP; turn++) await undefined;
        if (done()) return;
        const next = takeNext();
        if (!next || next.atMs > untilMs) return;
        if (next.cancelled) continue;
        nowMs = next.atMs;
        next.task();
      }
    },
  };
}
