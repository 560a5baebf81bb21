import type { Clock } from "../base/clock.ts";

/** How fast a bucket refills, and how much it holds. */
export interface BucketRate {
  readonly perSecond: number;
  /** How many may be taken at once after a pause. */
  readonly burst: number;
}

/** Something that may be taken so many times a second. A class, because every socket has some. */
export class Bucket {
  readonly #clock: Pick<Clock, "now">;
  readonly #rate: BucketRate;
  #left: number;
  #filledAtMs: number;

  /** Makes a full bucket. */
  constructor(clock: Pick<Clock, "now">, rate: BucketRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#left = rate.burst;
    this.#filledAtMs = clock.now();
  }

  /** Takes one; `false` when none is left. */
  take(): boolean {
    this.#fill();
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }

  /** Whether nothing has been taken for so long that it is full again. */
  isFull(): boolean {
    this.#fill();
    return this.#left === this.#rate.burst;
  }

  #fill(): void {
    const { perSecond, burst } = this.#rate;
    const nowMs = this.#clock.now();
    this.#left = Math.min(burst, this.#left + ((nowMs - this.#filledAtMs) / 1_000) * perSecond);
    this.#filledAtMs = nowMs;
  }
}
