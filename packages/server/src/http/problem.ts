import { STATUS_CODES } from "node:http";
import { ERRORS } from "@livecache/wire";
import type { LiveError } from "@livecache/wire";

/** An error as a response. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** When a client is asked to try again, in seconds: the ground is asked again at least that often. */
const RETRY_AFTER_SECONDS = 1;

/**
 * An error as `application/problem+json` (RFC 9457) with the status of the registry. `code` and `retryable` are members of
 * ours; `detail` is the error's message, except for statuses from 500 on, whose messages are meant for the log. A retryable
 * error carries `Retry-After`: what it says itself as `retryAfterMs` in its details, or a second. `members` are added, or replace others.
 */
export function problemOf(error: LiveError, members: Readonly<Record<string, unknown>> = {}): Problem {
  const { code, message, retryable } = error;
  const status = ERRORS[code].status;
  const detail = status < 500 ? { detail: message } : {};
  return {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(retryable ? { "retry-after": String(secondsOf(error.details["retryAfterMs"])) } : {}),
    },
    body: JSON.stringify({
      type: "about:blank",
      title: STATUS_CODES[status],
      status,
      ...detail,
      code,
      retryable,
      ...members,
    }),
  };
}

/** Whole seconds, none too early. */
function secondsOf(retryAfterMs: unknown): number {
  return typeof retryAfterMs === "number"
    ? Math.max(RETRY_AFTER_SECONDS, Math.ceil(retryAfterMs / 1_000))
    : RETRY_AFTER_SECONDS;
}
