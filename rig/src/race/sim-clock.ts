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

/** How many it gets when nothing is scheduled any more. */
const LAST_TURNS = 2_000;

interface Timer {
  readonly atMs: number;
  readonly task: () => void;
  cancelled: boolean;
}

/** Lets so many microtask turns pass. */
async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await undefined;
}

/** Lets microtasks pass until there are none: a tick that was asked for in one comes after all of them. */
function exhaust(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/**
 * Makes a clock at 0; its wall time starts at a fixed date. `"exhaust"`: a step begins when nothing of the one before it is left to run,
 * which is also the cheaper way; default: after some turns.
 */
export function createSimClock(between: "turns" | "exhaust" = "turns"): SimClock {
  const wallAtZero = Date.UTC(2026, 0, 1);
  let nowMs = 0;
  const timers: Timer[] = [];

  /** Kept in order, the next one last: most timers are due soon, so they are put in near the end. */
  function put(timer: Timer): void {
    let index = timers.length;
    while (index > 0 && timers[index - 1]!.atMs <= timer.atMs) index--;
    timers.splice(index, 0, timer);
  }

  return {
    now: () => nowMs,
    wall: () => wallAtZero + nowMs,
    after(delayMs, task) {
      const timer: Timer = { atMs: nowMs + Math.max(0, delayMs), task, cancelled: false };
      put(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    async run(untilMs, done) {
      for (let idle = false; ;) {
        await (between === "exhaust" ? exhaust() : pass(idle ? LAST_TURNS : TURNS_PER_STEP));
        if (done()) return;
        let next = timers.pop();
        while (next?.cancelled) next = timers.pop();
        const isOver = !next || next.atMs > untilMs;
        // A long chain of microtasks may still end, or schedule something.
        if (isOver && idle) return;
        idle = isOver;
        if (!next || isOver) {
          if (next) put(next);
          continue;
        }
        nowMs = next.atMs;
        next.task();
      }
    },
  };
}
