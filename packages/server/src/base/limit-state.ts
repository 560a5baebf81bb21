import { createLimitMeter } from "./limit-meter.ts";
import type { LimitMeter } from "./limit-meter.ts";
import type { LimitRule } from "./limit-rule.ts";

/** How a limit decided. */
export interface LimitVerdict {
  readonly allowed: boolean;
  /** How much may still be taken now. */
  readonly remaining: number;
  /** When so much may be taken, if nothing else is taken until then; 0 when it is allowed. */
  readonly retryAfterMs: number;
  /** When everything may be taken again. */
  readonly resetMs: number;
  /** Whether the subject is blocked: then nothing is allowed, whatever it has used. */
  readonly blocked: boolean;
}

/** What is asked of a limit at one instant. */
export interface LimitAct {
  /**
   * `"take"` takes `points` if they are left; `"peek"` says what it would do; `"charge"` notes them whatever is left, and gives back
   * what is below 0; `"block"` blocks the subject for so many milliseconds.
   */
  readonly kind: "take" | "peek" | "charge" | "block";
  readonly points: number;
  /** What was taken elsewhere and is noted first. */
  readonly carried: number;
  readonly nowMs: number;
}

/** Everything that counts of one subject under one limit. */
export class LimitState {
  #meter: LimitMeter | undefined;
  #blockedUntilMs = 0;

  /** Decides, and notes what was taken: the one step that grounds make atomic. */
  decide(rule: LimitRule, { kind, points, carried, nowMs }: LimitAct): LimitVerdict {
    const meter = this.#settled(rule, nowMs);
    if (carried > 0) meter.add(rule, carried, nowMs);
    if (kind === "charge") meter.add(rule, points, nowMs);
    if (kind === "block") this.#blockedUntilMs = nowMs + points;
    let waitMs = kind === "take" || kind === "peek" ? meter.waitMs(rule, points, nowMs) : 0;
    if (this.#blockedUntilMs <= nowMs) this.#blockedUntilMs = 0;
    let blockedMs = Math.max(0, this.#blockedUntilMs - nowMs);
    if (kind === "take" && blockedMs === 0) {
      if (waitMs === 0) meter.add(rule, points, nowMs);
      else if (rule.blockMs > 0) {
        blockedMs = rule.blockMs;
        this.#blockedUntilMs = nowMs + blockedMs;
      }
    }
    waitMs = Math.max(waitMs, blockedMs);
    return {
      allowed: waitMs === 0,
      remaining: blockedMs > 0 ? 0 : meter.remaining(rule),
      retryAfterMs: waitMs,
      resetMs: Math.max(meter.resetMs(rule, nowMs), blockedMs),
      blocked: blockedMs > 0,
    };
  }

  /** How much is used, rounded up. */
  used(rule: LimitRule, nowMs: number): number {
    return this.#settled(rule, nowMs).used();
  }

  /** A limit that decides another way than before begins anew, except for blocks. */
  #settled(rule: LimitRule, nowMs: number): LimitMeter {
    if (this.#meter?.algorithm !== rule.algorithm) this.#meter = createLimitMeter(rule);
    this.#meter.settle(rule, nowMs);
    return this.#meter;
  }
}
