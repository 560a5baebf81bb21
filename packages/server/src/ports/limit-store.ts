import type { LimitRule } from "../base/limit-rule.ts";
import type { LimitVerdict } from "../base/limit-state.ts";

/** Which limit, of whom. */
export interface LimitPlace {
  /** 1 to 64 letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /** Whose takings are counted together: a user, an address, a route. */
  readonly subject: string;
}

/** What is asked of a limit. */
export interface LimitInput extends LimitPlace {
  readonly rule: LimitRule;
  /** What was taken while the ground was away and nobody else knows of: noted first, whatever is left. Default 0. */
  readonly carried?: number;
}

/**
 * Limits on how often something is done, in one realm. Each method decides in one atomic step, by the ground's own clock: of all that is
 * taken at once, over all nodes, no more is allowed than the rule says.
 *
 * A name keeps what was used when its numbers change; when its algorithm changes, it begins anew. What is used goes away by itself as soon as
 * it does not count any more. The clock may be set back: nothing is given back for that time.
 *
 * **Failure.** As the change log's: `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT` (it may have been taken), `LIVE_GROUND_BUSY`,
 * `LIVE_GROUND_REFUSED`, `LIVE_CLOSED`.
 */
export interface LimitStore {
  /** Takes `cost` if it is left, all of it or nothing. A refusal begins the rule's block; while that lasts, refusals do not make it longer. */
  take(input: LimitInput & { readonly cost: number }): Promise<LimitVerdict>;

  /** Says what {@link take} would answer. Takes nothing, and begins no block. */
  peek(input: LimitInput & { readonly cost: number }): Promise<LimitVerdict>;

  /**
   * Notes `points` whatever is left, up to twice what may be taken at once; below 0 they are given back, those that were taken last
   * first.
   */
  charge(input: LimitInput & { readonly points: number }): Promise<LimitVerdict>;

  /** Refuses everything from now on for so long, instead of any block before it. What is used stays used. */
  block(input: LimitInput & { readonly blockMs: number }): Promise<LimitVerdict>;

  /** Forgets what was used, and any block. */
  forget(place: LimitPlace): Promise<void>;
}
