import { LiveError } from "@livecache/wire";
import type { ErrorCode, Refusal } from "@livecache/wire";

/**
 * Makes an error of a server's answer that is no reply: of its refusal, or, when there was no answer in time, of the connection's
 * failure. `what` names what was asked for.
 */
export function refusalError(what: string, refusal: Refusal | undefined, details: object = {}): LiveError {
  if (refusal) {
    const { code, message } = refusal;
    return new LiveError(code as ErrorCode, message, { details: { ...details, code } });
  }
  return new LiveError("LIVE_REQUEST_FAILED", `${what}: no connection, or no answer in time.`, {
    details: { ...details },
  });
}

/** What a refusal says, as far as it says anything. */
export type Word = Partial<Refusal> & { readonly retryAfterMs?: number };

/** Whether the same may succeed later: no answer says nothing against it, and a server that shuts down has successors. */
export function mayPass({ code, retryable }: Word = {}): boolean {
  return retryable !== false || code === "LIVE_CLOSED";
}
