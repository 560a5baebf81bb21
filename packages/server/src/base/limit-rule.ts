/** What a limit allows, in numbers. Both grounds, and each node by itself while the ground is away, decide by it. */
export interface LimitRule {
  /**
   * `"sliding-window"`: in any window of time at most `limit` are taken. `"gcra"`: `burst` at once, and then `limit` in each window,
   * evenly spread.
   */
  readonly algorithm: "gcra" | "sliding-window";
  readonly limit: number;
  readonly windowMs: number;
  /** Most at once. Of a sliding window it is the limit. */
  readonly burst: number;
  /** How long a subject is refused from its first refusal on; 0: no longer than it must be. */
  readonly blockMs: number;
}

/** Penalties count up to this many times what may be taken at once; so does what a node carries over after an outage. */
export const MOST_FULL = 2;

/** A window is remembered in this many steps: what was taken counts up to one step longer than the window. */
export const WINDOW_STEPS = 60;
