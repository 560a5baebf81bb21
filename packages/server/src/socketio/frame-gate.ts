import type { Clock } from "../base/clock.ts";
import { Bucket } from "./bucket.ts";
import type { BucketRate } from "./bucket.ts";

/** How many frames one socket may send. */
export interface FrameRate extends BucketRate {
  /** How many may be refused before the socket is ended, unless it pauses until the bucket is full again. */
  readonly maxRefused: number;
}

/** The gate of one socket: a bucket of `burst` frames that refills with `perSecond`. */
export class FrameGate extends Bucket {
  readonly #maxRefused: number;
  #refused = 0;

  constructor(clock: Pick<Clock, "now">, rate: FrameRate) {
    super(clock, rate);
    this.#maxRefused = rate.maxRefused;
  }

  /** Says what becomes of the next frame. */
  judge(): "handle" | "refuse" | "end" {
    if (this.#refused > 0 && this.isFull()) this.#refused = 0;
    if (this.take()) return "handle";
    this.#refused++;
    return this.#refused > this.#maxRefused ? "end" : "refuse";
  }
}
