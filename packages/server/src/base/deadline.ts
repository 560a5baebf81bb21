import { LiveError } from "@livecache/wire";
import type { Clock } from "./clock.ts";

/**
 * Waits for `work` at most `limitMs`. When the time is up the answer is *unknown*: the work may still happen. Its late
 * outcome is swallowed, so that it never becomes an unhandled rejection.
 *
 * @throws LiveError `LIVE_GROUND_TIMEOUT` when the time is up
 */
export function withDeadline<T>(
  clock: Clock,
  work: Promise<T>,
  limit: { what: string; limitMs: number },
): Promise<T> {
  return new Promise((resolve, reject) => {
    // A second, immediate timer: in an event loop that was blocked, an answer that is already here is read in between.
    let cancel = clock.after(limit.limitMs, () => {
      cancel = clock.after(0, giveUp);
    });
    const giveUp = (): void =>
      reject(
        new LiveError(
          "LIVE_GROUND_TIMEOUT",
          `${limit.what}: no answer within ${limit.limitMs} ms; it may still happen.`,
          {
            details: limit,
          },
        ),
      );
    work.then(resolve, reject).finally(() => cancel());
  });
}
