import { LiveError } from "@livecache/wire";
import type { BackoffBounds } from "./backoff.ts";

/** How long things may take and how far they are spread, in milliseconds. */
export interface Timing extends BackoffBounds {
  /** Notices within this time lead to one refetch. */
  readonly coalesceMs: number;
  /** A refetch waits a random time up to this, so that the screens of many clients do not ask at once. */
  readonly jitterMs: number;
  /** The same for refetches after a reconnect, when everybody else comes back too. */
  readonly reconnectJitterMs: number;
  /** How often a query is refetched while nothing tells the client of changes. */
  readonly pollMs: number;
  /** How long a query stays watched, and its data at hand, after its last subscriber has left. */
  readonly lingerMs: number;
  /** When a request, or a frame without an answer, counts as failed. */
  readonly requestTimeoutMs: number;
}

const DEFAULTS: Timing = {
  coalesceMs: 20,
  jitterMs: 50,
  reconnectJitterMs: 300,
  retryMinMs: 500,
  retryMaxMs: 10_000,
  pollMs: 30_000,
  lingerMs: 30_000,
  requestTimeoutMs: 30_000,
};

/**
 * Completes the timing with its defaults.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an unknown name or a value that is not a number from 0 to one hour
 */
export function resolveTiming(input: Partial<Timing> = {}): Timing {
  for (const [name, value] of Object.entries(input)) {
    if (Object.hasOwn(DEFAULTS, name) && typeof value === "number" && value >= 0 && value <= 3_600_000)
      continue;
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      `timing.${name}: expected ${Object.keys(DEFAULTS).join(", ")}, in milliseconds up to 3600000, received ${value}.`,
    );
  }
  return { ...DEFAULTS, ...input };
}
