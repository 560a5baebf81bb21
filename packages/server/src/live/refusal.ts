import { LiveError, isLiveError } from "@livecache/wire";
import type { ErrorCode, Refusal } from "@livecache/wire";

/** The codes that are meant for clients; their messages say nothing about the inside of the application. */
const TOLD_TO_CLIENTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "LIVE_FRAME_INVALID",
  "LIVE_TOKEN_INVALID",
  "LIVE_CHANNEL_UNKNOWN",
  "LIVE_CHANNEL_REFUSED",
  "LIVE_LIMIT_REACHED",
  "LIVE_IDENTITY_ENDED",
  "LIVE_IDENTITY_EXPIRED",
  "LIVE_IDENTITY_FAILED",
  "LIVE_IDENTITY_REQUIRED",
  "LIVE_ACCESS_REFUSED",
  "LIVE_BEARER_REFUSED",
  "LIVE_REVOCATION_STALE",
  "LIVE_GROUND_AWAY",
  "LIVE_GROUND_TIMEOUT",
  "LIVE_GROUND_BUSY",
  "LIVE_CLOSED",
]);

/** Whether a client may be told this error as it is. Anything else is a fault of the server, to be logged and not to be told. */
export function isForClients(error: unknown): error is LiveError {
  return isLiveError(error) && TOLD_TO_CLIENTS.has(error.code);
}

/** What a client is told of an error: itself, or only that its request failed. */
export function toRefusal(error: unknown): Refusal {
  const told = isForClients(error)
    ? error
    : new LiveError("LIVE_REQUEST_FAILED", "The server failed to answer. Try again later.");
  const { code, message, retryable, details } = told;
  const { retryAfterMs } = details;
  const later = typeof retryAfterMs === "number" ? { retryAfterMs } : {};
  return { ok: false, code, message, retryable, ...later };
}
