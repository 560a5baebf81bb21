import { LiveError, isLiveError } from "@livecache/wire";

/** What Redis answers while it cannot serve, although it is there; the same call may work later. */
const PASSING =
  /^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|READONLY|TRYAGAIN|OOM|MISCONF|NOREPLICAS|UNKILLABLE)\b/;

/** What Redis answers when it does not let us in, or does not know what we ask of it. */
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|NOPROTO|ERR|WRONGTYPE|DENIED)\b/;

/** Turns whatever a Redis client rejects with into an error of ours. */
export function toLiveError(what: string, cause: unknown): LiveError {
  if (isLiveError(cause)) return cause;
  const text = redact(
    cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : String(cause),
  );
  if (REFUSED.test(text) && !text.includes("max number of clients")) {
    return new LiveError("LIVE_GROUND_REFUSED", `${what}: Redis refused: ${text}`, { cause });
  }
  const why = PASSING.test(text) ? `Redis cannot serve now: ${text}` : `Redis is away: ${text}`;
  return new LiveError("LIVE_GROUND_AWAY", `${what}: ${why}`, { cause });
}

/** Removes what stands between `://` and `@`: a password must not reach a log. */
export function redact(text: string): string {
  return text.replace(/:\/\/[^@\s/]*@/g, "://***@");
}
