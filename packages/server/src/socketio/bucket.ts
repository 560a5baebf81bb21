import type { Clock } from "../base/clock.ts";

/** How fast a bucket refills, and how much it holds. */
export interface BucketRate {
  readonly perSecond: number;
  /** How many may be taken at once after a pause. */
  readonly burst: number;
}

/** Something that may be taken so many times a second. */
export interface Bucket {
  /** Takes one; `false` when none is left. */
  take(): boolean;
  /** Whether nothing has been taken for so long that it is full again. */
  isFull(): boolean;
}

/** Makes a full bucket. */
export function createBucket(clock: Pick<Clock, "now">, { perSecond, burst }: BucketRate): Bucket {
  let left = burst;
  let filledAtMs = clock.now();
  function fill(): void {
    const nowMs = clock.now();
    left = Math.min(burst, left + ((nowMs - filledAtMs) / 1_000) * perSecond);
    filledAtMs = nowMs;
  }
  return {
    take() {
      fill();
      if (left < 1) return false;
      left--;
      return true;
    },
    isFull() {
      fill();
      return left === burst;
    },
  };
}
