import type { Clock } from "../base/clock.ts";

/** How fast a bucket refills, and how much it holds. */
export interface BucketRate {
  readonly perSecond: number;
  /** How many may be taken at once after a pause. */
  readonly burst: number;
}

/** Something that may be taken so many times a second. A class, because every socket has some: it remembers one number. */
export class Bucket {
  readonly #clock: Pick<Clock, "now">;
  readonly #rate: BucketRate;
  /** When it will be full again if nothing more is taken. */
  #fullAtMs = 0;

  /** Makes a full bucket. */
  constructor(clock: Pick<Clock, "now">, rate: BucketRate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Takes one; `false` when none is left. */
  take(): boolean {
    const { perSecond, burst } = this.#rate;
    const nowMs = this.#clock.now();
    const refillMs = 1_000 / perSecond;
    const fullAtMs = Math.max(this.#fullAtMs, nowMs) + refillMs;
    if (fullAtMs - nowMs > burst * refillMs + ROUNDING_MS) return false;
    this.#fullAtMs = fullAtMs;
    return true;
  }

  /** Whether nothing has been taken for so long that it is full again. */
  isFull(): boolean {
    return this.#fullAtMs <= this.#clock.now();
  }
}

/** Far less than the time in which one is refilled at the highest rate. */
const ROUNDING_MS = 1e-6;
