import type { Clock } from "../base/clock.ts";

/** How many frames one socket may send. */
export interface FrameRate {
  readonly perSecond: number;
  /** How many may come at once after a pause. */
  readonly burst: number;
  /** How many may be refused before the socket is ended, unless it pauses until the bucket is full again. */
  readonly maxRefused: number;
}

/** Says for each frame of one socket what becomes of it. */
export type FrameGate = () => "handle" | "refuse" | "end";

/** Makes the gate of one socket: a bucket of `burst` frames that refills with `perSecond`. */
export function createFrameGate(clock: Clock, { perSecond, burst, maxRefused }: FrameRate): FrameGate {
  let left = burst;
  let filledAtMs = clock.now();
  let refused = 0;
  return () => {
    const nowMs = clock.now();
    left = Math.min(burst, left + ((nowMs - filledAtMs) / 1_000) * perSecond);
    filledAtMs = nowMs;
    if (left === burst) refused = 0;
    if (left >= 1) {
      left--;
      return "handle";
    }
    refused++;
    return refused > maxRefused ? "end" : "refuse";
  };
}
