import type { Clock } from "../base/clock.ts";

/** What this process knows of the server's clock. */
export interface ServerClock {
  /** The server said `serverMs` in answer to a question that was sent at `askedAtMs` of the injected clock. */
  note(serverMs: number, askedAtMs: number): void;
  /**
   * The server's time in milliseconds since 1970: never behind it, and ahead by at most what the last answer took. So what
   * expires on the server's clock is never used too late.
   */
  latestMs(): number;
}

/** Makes an estimate that knows nothing yet; until the first note everything counts as expired. */
export function createServerClock(clock: Clock): ServerClock {
  let aheadMs = Number.POSITIVE_INFINITY;
  return {
    note(serverMs, askedAtMs) {
      aheadMs = serverMs - askedAtMs;
    },
    latestMs: () => clock.now() + aheadMs,
  };
}
