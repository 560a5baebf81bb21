import { LiveError } from "@livecache/wire";
import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import { systemClock } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";

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
  /** The only time the ground knows. Default: the machine's. */
  readonly clock?: Clock;
}

/** The options with every default in place. */
export interface RedisSettings {
  readonly url: string;
  readonly database: number;
  readonly prefix: string;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly maxInFlight: number;
  readonly mayStartAway: boolean;
  readonly onError: (error: Error) => void;
  readonly clock: Clock;
}

const KNOWN = ["prefix", "commandTimeout", "connectTimeout", "maxInFlight", "start", "onError", "clock"];
const PREFIX = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Checks the address and the options, and puts the defaults in.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the option, what was received and what was expected
 */
export function resolveRedisOptions(url: unknown, options: OpenRedisOptions): RedisSettings {
  refuseUnknown("openRedis", options, KNOWN);
  const { prefix = "lc", start = "connected", maxInFlight = 1_000, onError = () => undefined } = options;
  if (!PREFIX.test(prefix)) {
    throw invalidOption("openRedis: prefix", '1 to 32 letters, digits, "_" and "-"', prefix);
  }
  if (start !== "connected" && start !== "degraded") {
    throw invalidOption("openRedis: start", '"connected" or "degraded"', start);
  }
  if (typeof onError !== "function") throw invalidOption("openRedis: onError", "a function", onError);
  return {
    ...checkAddress(url),
    prefix,
    commandTimeoutMs: durationMs("openRedis: commandTimeout", options.commandTimeout ?? "250ms"),
    connectTimeoutMs: durationMs("openRedis: connectTimeout", options.connectTimeout ?? "5s"),
    maxInFlight: wholeNumber("openRedis: maxInFlight", maxInFlight, [1, 1_000_000]),
    mayStartAway: start === "degraded",
    onError,
    clock: options.clock ?? systemClock,
  };
}

/** Reads the address. What was received may hold a password, so it is never shown. */
function checkAddress(url: unknown): { url: string; database: number } {
  const text = typeof url === "string" ? url : "";
  const database = /^rediss?:$/.test(protocolOf(text)) ? new URL(text).pathname.slice(1) : undefined;
  if (database === undefined || !/^\d{0,5}$/.test(database)) {
    const received =
      typeof url === "string" ? "another text (not shown: it may hold a password)" : typeof url;
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      `openRedis: expected an address such as redis://localhost:6379 or rediss://user:password@host:6380/2, received ${received}.`,
      { details: { option: "url" } },
    );
  }
  return { url: text, database: Number(database) };
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : "";
}
