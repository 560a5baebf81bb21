import { MOST_FULL, WINDOW_STEPS } from "./limit-rule.ts";
import type { LimitRule } from "./limit-rule.ts";

/** How much of a limit a subject has used. All instants are whole milliseconds on one clock. `limit-take.lua` reckons the same way. */
export interface LimitMeter {
  readonly algorithm: LimitRule["algorithm"];
  /** Forgets what does not count any more. To be called before anything else is asked at that instant. */
  settle(rule: LimitRule, nowMs: number): void;
  /** How much is used, rounded up. */
  used(): number;
  /** How much may be taken. */
  remaining(rule: LimitRule): number;
  /** When so much may be taken, if nothing else is; 0 for at once. */
  waitMs(rule: LimitRule, cost: number, nowMs: number): number;
  /** When nothing is used any more. */
  resetMs(rule: LimitRule, nowMs: number): number;
  /** Notes that so much was taken; below 0, that it was given back. */
  add(rule: LimitRule, points: number, nowMs: number): void;
}

/** Makes a meter that has counted nothing. */
export function createLimitMeter({ algorithm, windowMs }: LimitRule): LimitMeter {
  return algorithm === "gcra" ? new DebtMeter(windowMs) : new WindowMeter(windowMs);
}

/**
 * GCRA, as a debt that time pays off: one point costs `windowMs`, and each millisecond pays `limit`. So all numbers are whole, and nothing
 * is lost by rounding however often it is reckoned.
 */
class DebtMeter implements LimitMeter {
  readonly algorithm = "gcra";
  #windowMs: number;
  #atMs: number | undefined;
  #debt = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  settle({ limit, windowMs }: LimitRule, nowMs: number): void {
    if (windowMs !== this.#windowMs) {
      this.#debt = Math.ceil((this.#debt / this.#windowMs) * windowMs);
      this.#windowMs = windowMs;
    }
    const elapsedMs = Math.max(0, nowMs - (this.#atMs ?? nowMs));
    this.#debt = Math.max(0, this.#debt - elapsedMs * limit);
    // A clock that was set back gives nothing back, and goes on from where it stands.
    this.#atMs = nowMs;
  }

  used(): number {
    return Math.ceil(this.#debt / this.#windowMs);
  }

  remaining({ burst, windowMs }: LimitRule): number {
    return Math.max(0, Math.floor((burst * windowMs - this.#debt) / windowMs));
  }

  waitMs({ limit, burst, windowMs }: LimitRule, cost: number): number {
    return Math.ceil(Math.max(0, this.#debt + (cost - burst) * windowMs) / limit);
  }

  resetMs({ limit }: LimitRule): number {
    return Math.ceil(this.#debt / limit);
  }

  add({ burst, windowMs }: LimitRule, points: number): void {
    this.#debt = Math.min(MOST_FULL * burst * windowMs, Math.max(0, this.#debt + points * windowMs));
  }
}

interface Step {
  index: number;
  count: number;
}

/** A sliding window, as counts of short steps. A step counts until the last instant of it has left the window. */
class WindowMeter implements LimitMeter {
  readonly algorithm = "sliding-window";
  #windowMs: number;
  /** The oldest first. */
  #steps: Step[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  settle({ windowMs }: LimitRule, nowMs: number): void {
    const oldMs = stepMs(this.#windowMs);
    const newMs = stepMs(windowMs);
    const current = Math.floor(nowMs / newMs);
    const kept: Step[] = [];
    for (const { index: oldIndex, count } of this.#steps) {
      const moved = oldMs === newMs ? oldIndex : Math.floor(((oldIndex + 1) * oldMs - 1) / newMs);
      // Of a clock that was set back: it counts from now on.
      const index = Math.min(moved, current);
      if (endMs(index, windowMs) <= nowMs) continue;
      const last = kept.at(-1);
      if (last?.index === index) last.count += count;
      else kept.push({ index, count });
    }
    this.#steps = kept;
    this.#windowMs = windowMs;
  }

  used(): number {
    return this.#steps.reduce((total, { count }) => total + count, 0);
  }

  remaining({ limit }: LimitRule): number {
    return Math.max(0, limit - this.used());
  }

  waitMs({ limit, windowMs }: LimitRule, cost: number, nowMs: number): number {
    let over = this.used() + cost - limit;
    if (over <= 0) return 0;
    for (const { index, count } of this.#steps) {
      over -= count;
      if (over <= 0) return endMs(index, windowMs) - nowMs;
    }
    return windowMs;
  }

  resetMs({ windowMs }: LimitRule, nowMs: number): number {
    const last = this.#steps.at(-1);
    return last ? endMs(last.index, windowMs) - nowMs : 0;
  }

  add({ limit, windowMs }: LimitRule, points: number, nowMs: number): void {
    if (points < 0) return this.#giveBack(-points);
    const count = Math.min(points, MOST_FULL * limit - this.used());
    if (count <= 0) return;
    const index = Math.floor(nowMs / stepMs(windowMs));
    const last = this.#steps.at(-1);
    if (last?.index === index) last.count += count;
    else this.#steps.push({ index, count });
  }

  /** What was taken last is given back first. */
  #giveBack(points: number): void {
    let left = points;
    while (left > 0) {
      const last = this.#steps.at(-1);
      if (!last) return;
      const given = Math.min(left, last.count);
      last.count -= given;
      left -= given;
      if (last.count === 0) this.#steps.pop();
    }
  }
}

function stepMs(windowMs: number): number {
  return Math.ceil(windowMs / WINDOW_STEPS);
}

/** When a step has left the window. */
function endMs(index: number, windowMs: number): number {
  return (index + 1) * stepMs(windowMs) - 1 + windowMs;
}
