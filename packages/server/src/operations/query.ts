import { LiveError } from "@livecache/wire";

/** Most of anything that is listed at a time. */
const MOST_LISTED = 1_000;

/**
 * Reads a parameter of the query.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` when it is missing
 */
export function textOf(query: URLSearchParams, name: string): string {
  const text = query.get(name);
  if (text) return text;
  throw new LiveError("LIVE_INPUT_INVALID", `operations: the query parameter "${name}" is missing.`);
}

/**
 * Reads how many are wanted; `undefined` where the query does not say.
 *
 * @throws LiveError `LIVE_INPUT_INVALID`
 */
export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= MOST_LISTED) return number;
  throw new LiveError(
    "LIVE_INPUT_INVALID",
    `operations: ${name} must be a whole number from 1 to ${MOST_LISTED}, received ${JSON.stringify(text)}.`,
  );
}
