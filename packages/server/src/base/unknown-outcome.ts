import { isLiveError } from "@livecache/wire";

/** Whether nobody knows if what was asked of the ground has happened. Everything else was not even sent, or refused. */
export function isUnknownOutcome(error: unknown): boolean {
  return !isLiveError(error) || error.code === "LIVE_GROUND_TIMEOUT";
}
