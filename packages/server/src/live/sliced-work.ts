import type { Clock } from "../base/clock.ts";

/** Work on many things, done a few milliseconds at a time, so that it never holds the process. */
export interface SlicedWork {
  /** Adds work, each `next()` a small step of it. As much as fits is done at once, unless other work is waiting; the rest in later turns. */
  add(work: Iterator<unknown>): void;
}

/** How long one turn is worked. */
const SLICE_MS = 5;

/** Makes an empty list of work. A step that throws ends its work, and nothing else; the error goes to `onError`. */
export function createSlicedWork(clock: Clock, onError: (error: unknown) => void): SlicedWork {
  const queue = new Set<Iterator<unknown>>();
  /** Somebody will call `run`, or it is running. */
  let isUnderWay = false;

  function run(): void {
    const untilMs = clock.now() + SLICE_MS;
    for (const work of queue) {
      while (step(work)) if (clock.now() >= untilMs) return void clock.after(0, run);
      queue.delete(work);
      if (queue.size > 0 && clock.now() >= untilMs) return void clock.after(0, run);
    }
    isUnderWay = false;
  }

  function step(work: Iterator<unknown>): boolean {
    try {
      return !work.next().done;
    } catch (error) {
      onError(error);
      return false;
    }
  }

  return {
    add(work) {
      queue.add(work);
      if (isUnderWay) return;
      isUnderWay = true;
      run();
    },
  };
}
