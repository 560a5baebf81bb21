import { LiveError, isLiveError } from "@livecache/wire";
import { ErrorReply } from "redis";
import { redactText } from "../base/redact.ts";

/** What Redis answers while it cannot serve, although it is there. The command had no effect, and may work later. */
const PASSING =
  /^(LOADING|BUSY|UNKILLABLE|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOREPLICAS|READONLY|OOM|MISCONF)\b|max number of clients/;

/** A script met a key of a slot that is on its way to another server. What it had done before that stays done. */
const HALFWAY = /Script attempted to access a non local key/;

/**
 * Turns whatever a Redis client rejects with into an error of ours. A reply of Redis says that nothing happened: `LIVE_GROUND_AWAY`
 * when it may pass, otherwise `LIVE_GROUND_REFUSED`; only a script that met a moving slot may have done something. A broken connection says nothing: `LIVE_GROUND_TIMEOUT` for a command
 * that was `sent`, because it may have taken effect, otherwise `LIVE_GROUND_AWAY`.
 */
export function toLiveError(what: string, cause: unknown, sent = false): LiveError {
  if (isLiveError(cause)) return cause;
  const text = redactText(describe(cause));
  if (cause instanceof ErrorReply) {
    if (HALFWAY.test(text)) {
      const message = `${what}: a slot of the cluster was moving (${text}); it may have happened in part.`;
      return new LiveError("LIVE_GROUND_TIMEOUT", message, { cause });
    }
    return PASSING.test(text)
      ? new LiveError("LIVE_GROUND_AWAY", `${what}: Redis cannot serve now: ${text}`, { cause })
      : new LiveError("LIVE_GROUND_REFUSED", `${what}: Redis refused: ${text}`, { cause });
  }
  if (sent) {
    const message = `${what}: the connection was lost before the answer came (${text}); it may have happened.`;
    return new LiveError("LIVE_GROUND_TIMEOUT", message, { cause });
  }
  return new LiveError("LIVE_GROUND_AWAY", `${what}: Redis is away: ${text}`, { cause });
}

/** The error for a reply that no script of ours gives: something else writes under our keys. */
export function damaged(what: string, reply: unknown): LiveError {
  const shown = JSON.stringify(reply)?.slice(0, 80);
  return new LiveError("LIVE_GROUND_REFUSED", `${what}: Redis holds something that is not ours: ${shown}`);
}

/** Whether Redis says that it is a replica now: whatever is read here may be old, so the connection is of no use. */
export function isReplicaReply(cause: unknown): boolean {
  return cause instanceof ErrorReply && /^(READONLY|MASTERDOWN)\b/.test(cause.message);
}

/** What Redis answered, if an error of ours or of the library stands for an answer. */
export function replyOf(error: unknown): string | undefined {
  const reply = isLiveError(error) ? error.cause : error;
  return reply instanceof ErrorReply ? reply.message : undefined;
}

/** Whether an error of ours stands for an answer of Redis, if a bad one. */
export function isReply(error: unknown): boolean {
  return isLiveError(error) && error.cause instanceof ErrorReply;
}

/** Some errors of the network carry no message but a code, and some are lists of one error for each address tried. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause instanceof AggregateError && cause.errors.length > 0) return describe(cause.errors[0]);
  return cause.message || String((cause as { code?: unknown }).code ?? cause.name);
}
