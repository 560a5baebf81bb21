import { invalidOption, refuseUnknown } from "../base/check.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { PLAIN_FRESHNESS } from "./request.ts";
import type { Freshness } from "./request.ts";

/** When a stale value may be answered: after the end of its TTL, or after a soft change; never after a hard one. */
export interface StaleOptions {
  /** So long past the end of its TTL, a value is answered while it is loaded anew in the background. */
  readonly swr?: Duration;
  /** So long past the end of its TTL, a value is answered when the load fails. */
  readonly grace?: Duration;
  /** How long to wait for the load before the value that `grace` allows is answered. The load goes on. */
  readonly softTimeout?: Duration;
}

/** How a reader wants age, slowness and failure of the origin to be treated. */
export interface FreshnessOptions {
  readonly stale?: StaleOptions;
  /** How long to wait for a load at all; then `LIVE_LOAD_TIMEOUT`, or the value that `stale.grace` allows. The load goes on. */
  readonly hardTimeout?: Duration;
  /** The share of the TTL, 0.1 to 0.99, after which the first reader has the value loaded anew in the background. */
  readonly refreshAt?: number;
  /** The share of the TTL, 0 to 0.5, by which it is shortened at most: what was loaded together does not expire together. */
  readonly jitter?: number;
  /** `"fresh"`: not from this node's memory and never stale; as of the call, judged at the ground. */
  readonly consistency?: "fresh";
}

/** The names of {@link FreshnessOptions}. */
export const FRESHNESS_FIELDS = ["stale", "hardTimeout", "refreshAt", "jitter", "consistency"] as const;

/**
 * Checks the options and puts the defaults in. `what` says whose they are.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the option, what was received and what was expected
 */
export function resolveFreshness(what: string, options: FreshnessOptions): Freshness {
  if (FRESHNESS_FIELDS.every((field) => options[field] === undefined)) return PLAIN_FRESHNESS;
  const { stale = {}, hardTimeout, refreshAt, jitter = 0, consistency } = options;
  refuseUnknown(`${what}: stale`, stale, ["swr", "grace", "softTimeout"]);
  const { swr, grace, softTimeout } = stale;
  const lengthMs = (name: string, value: Duration | undefined): number | undefined =>
    value === undefined ? undefined : durationMs(`${what}: ${name}`, value);
  if (consistency !== undefined && consistency !== "fresh") {
    throw invalidOption(`${what}: consistency`, '"fresh" or nothing', consistency);
  }
  if (softTimeout !== undefined && grace === undefined) {
    throw invalidOption(
      `${what}: stale.softTimeout`,
      "stale.grace beside it, which says how old",
      softTimeout,
    );
  }
  return {
    consistency: consistency ?? "leased",
    swrMs: lengthMs("stale.swr", swr) ?? 0,
    graceMs: lengthMs("stale.grace", grace) ?? 0,
    softTimeoutMs: lengthMs("stale.softTimeout", softTimeout),
    hardTimeoutMs: lengthMs("hardTimeout", hardTimeout),
    refreshAt: refreshAt === undefined ? 1 : share(`${what}: refreshAt`, refreshAt, [0.1, 0.99]),
    jitter: share(`${what}: jitter`, jitter, [0, 0.5]),
  };
}

function share(name: string, value: unknown, [least, most]: readonly [number, number]): number {
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    throw invalidOption(name, `a share from ${least} to ${most}`, value);
  }
  return value;
}
