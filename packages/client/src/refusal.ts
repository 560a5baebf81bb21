import { ERRORS, LiveError } from "@livecache/wire";
import type { ErrorCode, Refusal } from "@livecache/wire";

/** Makes an error of a server's refusal. A code that this version does not know becomes `LIVE_REQUEST_FAILED`. */
export function refusalError(refusal: Refusal, details: Readonly<Record<string, unknown>>): LiveError {
  const known = Object.hasOwn(ERRORS, refusal.code);
  const code = known ? (refusal.code as ErrorCode) : "LIVE_REQUEST_FAILED";
  return new LiveError(code, refusal.message, { details: { ...details, code: refusal.code } });
}
