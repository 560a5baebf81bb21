import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import { systemClock } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { readAddress } from "./address.ts";
import type { RedisAddress } from "./address.ts";
import type { Whereabouts } from "./endpoint.ts";

/** Options of `openRedis`. */
export interface OpenRedisOptions {
  /** First part of every key, 1 to 32 letters, digits, `_` and `-`. Default `"lc"`. */
  readonly prefix?: string;
  /** How long one command may take. Default 250 ms. */
  readonly commandTimeout?: Duration;
  /** How long connecting may take. Default 5 s. */
  readonly connectTimeout?: Duration;
  /** Most commands on their way at a time; one more is refused with `LIVE_GROUND_BUSY`. Default 1,000. */
  readonly maxInFlight?: number;
  /**
   * `"connected"` (default): opening fails when Redis does not let us in. `"degraded"`: it opens anyway, counts as away, and
   * goes on trying.
   */
  readonly start?: "connected" | "degraded";
  /**
   * Told each time a connection is lost or cannot be made, with the reason, and of what a listener of the status threw. Nothing
   * needs to be done about it.
   */
  readonly onError?: (error: Error) => void;
  /**
   * Lets sessions be begun and tokens be revoked in a Redis that throws keys away when it is full (any `maxmemory-policy` but
   * `noeviction`). Default `false`: those calls reject with `LIVE_GROUND_UNSAFE` there.
   */
  readonly evictionAllowed?: boolean;
  /** The only time the ground knows. Default: the machine's. */
  readonly clock?: Clock;
}

/** The options with every default in place. */
export interface RedisSettings {
  readonly where: Whereabouts;
  readonly database: number;
  readonly prefix: string;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly maxInFlight: number;
  readonly mayStartAway: boolean;
  readonly evictionAllowed: boolean;
  readonly onError: (error: Error) => void;
  readonly clock: Clock;
}

const KNOWN = [
  ...["prefix", "commandTimeout", "connectTimeout", "maxInFlight", "start", "onError"],
  ...["evictionAllowed", "clock"],
];
const PREFIX = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Checks the address and the options, and puts the defaults in.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the option, what was received and what was expected
 */
export function resolveRedisOptions(address: RedisAddress, options: OpenRedisOptions): RedisSettings {
  refuseUnknown("openRedis", options, KNOWN);
  const { prefix = "lc", start = "connected", maxInFlight = 1_000, onError = () => undefined } = options;
  const { evictionAllowed = false } = options;
  if (!PREFIX.test(prefix)) {
    throw invalidOption("openRedis: prefix", '1 to 32 letters, digits, "_" and "-"', prefix);
  }
  if (start !== "connected" && start !== "degraded") {
    throw invalidOption("openRedis: start", '"connected" or "degraded"', start);
  }
  if (typeof evictionAllowed !== "boolean") {
    throw invalidOption("openRedis: evictionAllowed", "true or false", evictionAllowed);
  }
  if (typeof onError !== "function") throw invalidOption("openRedis: onError", "a function", onError);
  const where = readAddress(address);
  const { database } = where.kind === "standalone" ? where.server.access : where.access;
  return {
    where,
    database,
    prefix,
    commandTimeoutMs: durationMs("openRedis: commandTimeout", options.commandTimeout ?? "250ms"),
    connectTimeoutMs: durationMs("openRedis: connectTimeout", options.connectTimeout ?? "5s"),
    maxInFlight: wholeNumber("openRedis: maxInFlight", maxInFlight, [1, 1_000_000]),
    mayStartAway: start === "degraded",
    evictionAllowed,
    onError,
    clock: options.clock ?? systemClock,
  };
}
