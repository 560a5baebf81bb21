import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";

/** A pause that may be cut short. */
export interface Pause {
  /** Resolves after `ms`, or as soon as somebody is in a hurry, or everything ends. */
  wait(ms: number): Promise<void>;
  /** Ends the present pause. The next one is not made shorter. */
  hurry(): void;
}

/** Makes pauses that end with a signal. */
export function createPause({ clock, signal }: { clock: Clock; signal: AbortSignal }): Pause {
  let pausing = new AbortController();
  return {
    async wait(ms) {
      const present = new AbortController();
      pausing = present;
      const end = (): void => present.abort();
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
      await sleep(clock, ms, present.signal);
      signal.removeEventListener("abort", end);
    },
    hurry: () => pausing.abort(),
  };
}
