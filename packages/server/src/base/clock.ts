import { performance } from "node:perf_hooks";

/** Undoes what was scheduled; calling it twice, or late, does nothing. */
export type Cancel = () => void;

/**
 * Time, as every room sees it. It is injected, so that a simulation can move it by hand.
 *
 * `now()` is monotonic, in milliseconds with a fraction, and says nothing about the date: leases, ages and deadlines
 * are measured with it. `wall()` is the date in milliseconds since 1970 and may jump.
 */
export interface Clock {
  now(): number;
  wall(): number;
  /** Runs `task` once after `delayMs`. A pending task does not keep the process alive. */
  after(delayMs: number, task: () => void): Cancel;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`, or as soon as `signal` is aborted. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}
