import { isLiveError } from "@livecache/wire";
import type { LiveError } from "@livecache/wire";

/** Whether an error of `identify` says that what was presented is not accepted: that is no failure of the server, and asking again is of no use. */
export function isRefusedCredential(error: unknown): error is LiveError {
  return (
    isLiveError(error) && (error.code === "LIVE_BEARER_REFUSED" || error.code === "LIVE_IDENTITY_EXPIRED")
  );
}
