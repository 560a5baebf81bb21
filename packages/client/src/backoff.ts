import type { Cancel, Clock } from "./clock.ts";

/** Bounds of the pauses between attempts, in milliseconds. */
export interface BackoffBounds {
  /** First pause after a failure; each further one doubles. */
  readonly retryMinMs: number;
  /** Longest pause after a failure. */
  readonly retryMaxMs: number;
}

/**
 * How long to pause before attempt number `attempt` (0 is the first repetition): the ceiling doubles up to `retryMaxMs`,
 * and chance takes away up to half of it, so that clients that failed together do not come back together.
 */
export function backoffMs(attempt: number, bounds: BackoffBounds, chance: number): number {
  const ceilingMs = Math.min(bounds.retryMaxMs, bounds.retryMinMs * 2 ** attempt);
  return ceilingMs * (1 - chance / 2);
}

/** Repeats one thing with growing pauses. At most one repetition is pending. */
export class Backoff {
  readonly #clock: Clock;
  readonly #bounds: BackoffBounds;
  #attempt = 0;
  #pending: Cancel | undefined;

  constructor(clock: Clock, bounds: BackoffBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  get pending(): boolean {
    return this.#pending !== undefined;
  }

  /** Runs `task` after the next pause, unless a repetition is pending already. */
  schedule(task: () => void): void {
    if (this.#pending) return;
    const pauseMs = backoffMs(this.#attempt++, this.#bounds, this.#clock.random());
    this.#pending = this.#clock.after(pauseMs, () => {
      this.#pending = undefined;
      task();
    });
  }

  /** Forgets the pending repetition; the next pause is as long as it would have been. */
  cancel(): void {
    this.#pending?.();
    this.#pending = undefined;
  }

  /** Success: the next pause is the shortest again. */
  reset(): void {
    this.cancel();
    this.#attempt = 0;
  }
}
