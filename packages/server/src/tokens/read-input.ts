import { LiveError } from "@livecache/wire";

/** A number below this is a time in seconds: as milliseconds it would be in 1973. */
const LOOKS_LIKE_SECONDS = 100_000_000_000;

/** The year 2100: what is later is no date that anybody means, and expiry is kept in 32 bits of seconds. */
const LATEST_MS = 4_102_444_800_000;

/** Longest token or user id: longer than any header that servers take. */
const MAX_NAME_CHARACTERS = 16_384;

/**
 * Reads a time as applications give it.
 *
 * @throws LiveError `LIVE_INPUT_INVALID`
 */
export function readTime(what: string, given: unknown): number {
  const ms = given instanceof Date ? given.getTime() : given;
  if (typeof ms === "number" && Number.isFinite(ms) && ms >= LOOKS_LIKE_SECONDS && ms <= LATEST_MS) {
    return Math.floor(ms);
  }
  const isSeconds = typeof ms === "number" && ms > 0 && ms < LOOKS_LIKE_SECONDS;
  const hint = isSeconds ? " (this looks like seconds: multiply by 1,000)" : "";
  throw invalid(what, `a Date, or milliseconds since 1970 up to the year 2100${hint}`, given);
}

/**
 * Reads a token or an id.
 *
 * @throws LiveError `LIVE_INPUT_INVALID`
 */
export function readName(what: string, given: unknown): string {
  if (typeof given === "string" && given !== "" && given.length <= MAX_NAME_CHARACTERS) return given;
  // A token is a secret: it does not go into a message.
  const received = typeof given === "string" ? `one of ${given.length} characters` : typeof given;
  throw new LiveError(
    "LIVE_INPUT_INVALID",
    `${what}: expected a string of 1 to ${MAX_NAME_CHARACTERS} characters, received ${received}.`,
  );
}

/** The error for a value of a call. */
export function invalid(what: string, expected: string, given: unknown): LiveError {
  const shown = (JSON.stringify(given) ?? typeof given).slice(0, 80);
  return new LiveError("LIVE_INPUT_INVALID", `${what}: expected ${expected}, received ${shown}.`);
}
