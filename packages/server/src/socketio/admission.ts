import { randomInt } from "node:crypto";
import { LiveError } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { Bucket } from "./bucket.ts";

/** Lets so many in a second, and tells the others when to come back. */
export interface Admissions {
  /** Throws `LIVE_NODE_BUSY` with `retryAfterMs` in its details. */
  admit(): void;
}

/** A node that is asked twice as much as it admits still answers everybody within this. */
const LEAST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 60_000;

/** How much later than its place in the line somebody may be told to come, so that they do not all come at once. */
const JITTER = 0.3;

/** Makes the admission of one node. Whoever is refused gets a place in a line that moves at the rate of admission. */
export function createAdmissions(clock: Pick<Clock, "now">, perSecond: number): Admissions {
  const bucket = new Bucket(clock, { perSecond, burst: perSecond * 2 });
  let line = 0;
  let movedAtMs = clock.now();

  function waitMs(): number {
    const nowMs = clock.now();
    line = Math.max(0, line - ((nowMs - movedAtMs) / 1_000) * perSecond) + 1;
    movedAtMs = nowMs;
    const placeMs = Math.max(LEAST_WAIT_MS, (line / perSecond) * 1_000);
    const later = 1 + JITTER * (randomInt(1_000_000) / 1_000_000);
    return Math.min(LONGEST_WAIT_MS, Math.ceil(placeMs * later));
  }

  return {
    admit() {
      if (bucket.take()) return;
      const retryAfterMs = waitMs();
      throw new LiveError(
        "LIVE_NODE_BUSY",
        `This server admits ${perSecond} connections a second, and more have come. Connect again in ${retryAfterMs} ms.`,
        { details: { retryAfterMs } },
      );
    },
  };
}
