import type { Cancel, Clock } from "./clock.ts";

/** Bounds of the pauses between attempts, in milliseconds. */
export interface BackoffBounds {
  /** Longest first pause after a failure; each further one may be twice as long. */
  readonly retryMinMs: number;
  /** Longest pause after any number of failures. */
  readonly retryMaxMs: number;
}

/** No pause is shorter, whatever chance says. */
const MIN_PAUSE_MS = 50;

/** A server may ask for more patience, but not for more than this. */
const MAX_PATIENCE_MS = 300_000;

/**
 * How long to pause before attempt number `attempt` (0 is the first repetition): anything between 50 ms and a ceiling that doubles up
 * to `retryMaxMs`, evenly spread, so that clients that failed together come back as far apart as can be.
 */
export function backoffMs(attempt: number, bounds: BackoffBounds, chance: number): number {
  return Math.max(MIN_PAUSE_MS, chance * Math.min(bounds.retryMaxMs, bounds.retryMinMs * 2 ** attempt));
}

/** Repeats one thing with growing pauses. At most one repetition is pending. */
export interface Backoff {
  readonly pending: boolean;
  /** Runs `task` after the next pause, which comes on top of what the server asked for, unless a repetition is pending already. */
  schedule(task: () => void, refusal?: object): void;
  /** Forgets the pending repetition; the next pause is as long as it would have been. */
  cancel(): void;
  /** Success: the next pause is the shortest again. */
  reset(): void;
}

/** Makes one that has not failed yet. */
export function createBackoff(clock: Clock, bounds: BackoffBounds): Backoff {
  let attempt = 0;
  let pending: Cancel | undefined;
  function cancel(): void {
    pending?.();
    pending = undefined;
  }
  return {
    get pending() {
      return pending !== undefined;
    },
    schedule(task, refusal) {
      pending ??= clock.after(patienceMs(refusal) + backoffMs(attempt++, bounds, clock.random()), () => {
        pending = undefined;
        task();
      });
    },
    cancel,
    reset() {
      cancel();
      attempt = 0;
    },
  };
}

/** How long the server asks to wait at least: `retryAfterMs` of a refusal. */
function patienceMs(refusal: { readonly retryAfterMs?: unknown } = {}): number {
  const { retryAfterMs } = refusal;
  return typeof retryAfterMs === "number" && retryAfterMs > 0 ? Math.min(retryAfterMs, MAX_PATIENCE_MS) : 0;
}
