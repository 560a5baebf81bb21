import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import type { LimitRule } from "../base/limit-rule.ts";

/** Options of {@link defineLimit}. */
export interface LimitOptions {
  /** 1 to 64 letters, digits, `_`, `-` and `.`. What is used is counted under it, over all nodes. */
  readonly name: string;
  /** How much may be taken in a window: 1 to 1,000,000. */
  readonly limit: number;
  /** 10 ms to 31 days. */
  readonly window: Duration;
  /**
   * `"sliding-window"` (default): in any window at most `limit`. `"gcra"`: `burst` at once, and then `limit` in each window, evenly spread.
   */
  readonly algorithm?: LimitRule["algorithm"];
  /** For `"gcra"`: how much may be taken at once, 1 to 1,000,000. Default: the limit. */
  readonly burst?: number;
  /** How long a subject is refused from its first refusal on, 10 ms to 31 days. Default: no longer than it must be. */
  readonly block?: Duration;
  /**
   * For what must not be guessed: nothing is allowed without the ground's word, so never more than the limit, over all nodes. While the
   * ground does not answer, everything is refused. Default `false`: this node's share is allowed then.
   */
  readonly strict?: boolean;
}

const BRAND = Symbol.for("livecache.limit");

/** A limit, as {@link defineLimit} makes it. */
export interface Limit extends LimitRule {
  readonly name: string;
  readonly strict: boolean;
}

const KNOWN = ["name", "limit", "window", "algorithm", "burst", "block", "strict"];
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const MOST = 1_000_000;
const SHORTEST_MS = 10;
const LONGEST_MS = 31 * 24 * 3_600_000;

/**
 * Makes a limit, for `live.limits`, `limited` and `attach`. Pure: nothing is kept anywhere before something is taken.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the option, what was received and what was expected
 */
export function defineLimit(options: LimitOptions): Limit {
  refuseUnknown("defineLimit", options, KNOWN);
  const { name, algorithm = "sliding-window", strict = false, block } = options;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw invalidOption("defineLimit: name", '1 to 64 letters, digits, "_", "-" and "."', name);
  }
  if (algorithm !== "gcra" && algorithm !== "sliding-window") {
    throw invalidOption("defineLimit: algorithm", '"sliding-window" or "gcra"', algorithm);
  }
  if (algorithm === "sliding-window" && options.burst !== undefined) {
    throw invalidOption("defineLimit: burst", 'nothing, unless algorithm is "gcra"', options.burst);
  }
  if (typeof strict !== "boolean") throw invalidOption("defineLimit: strict", "true or false", strict);
  const limit = wholeNumber("defineLimit: limit", options.limit, [1, MOST]);
  const defined = {
    name,
    algorithm,
    limit,
    windowMs: span("defineLimit: window", options.window),
    burst: wholeNumber("defineLimit: burst", options.burst ?? limit, [1, MOST]),
    blockMs: block === undefined ? 0 : span("defineLimit: block", block),
    strict,
  };
  Object.defineProperty(defined, BRAND, { value: true });
  return Object.freeze(defined);
}

/** Whether a value was made by {@link defineLimit}, also by that of another copy of the package. */
export function isLimit(value: unknown): value is Limit {
  return typeof value === "object" && value !== null && BRAND in value;
}

/**
 * Reads how long a window or a block is, in milliseconds.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function span(name: string, value: Duration): number {
  const ms = durationMs(name, value);
  if (ms < SHORTEST_MS || ms > LONGEST_MS) throw invalidOption(name, "10ms to 31d", value);
  return ms;
}
