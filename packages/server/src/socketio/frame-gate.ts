import type { Clock } from "../base/clock.ts";
import { createBucket } from "./bucket.ts";
import type { BucketRate } from "./bucket.ts";

/** How many frames one socket may send. */
export interface FrameRate extends BucketRate {
  /** How many may be refused before the socket is ended, unless it pauses until the bucket is full again. */
  readonly maxRefused: number;
}

/** Says for each frame of one socket what becomes of it. */
export type FrameGate = () => "handle" | "refuse" | "end";

/** Makes the gate of one socket: a bucket of `burst` frames that refills with `perSecond`. */
export function createFrameGate(clock: Pick<Clock, "now">, rate: FrameRate): FrameGate {
  const bucket = createBucket(clock, rate);
  let refused = 0;
  return () => {
    if (refused > 0 && bucket.isFull()) refused = 0;
    if (bucket.take()) return "handle";
    refused++;
    return refused > rate.maxRefused ? "end" : "refuse";
  };
}
