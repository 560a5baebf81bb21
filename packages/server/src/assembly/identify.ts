import { LiveError } from "@livecache/wire";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import { isPromiseLike } from "../base/promise-like.ts";
import type { Identify } from "./resolve-options.ts";

/** Says who a request or socket is, at once where the application does. Fails with `LIVE_IDENTITY_FAILED`. */
export type IdentifyNow = (request: IdentifyRequest) => Identity | undefined | Promise<Identity | undefined>;

/** Makes the application's `identify` fail in one way only. */
export function createIdentify(identify: Identify<Identity>): IdentifyNow {
  function failed(cause: unknown): never {
    throw new LiveError(
      "LIVE_IDENTITY_FAILED",
      `identify failed: ${String(cause)}. Return undefined for nobody.`,
      { cause },
    );
  }
  return (request) => {
    try {
      const who = identify(request);
      if (!isPromiseLike(who)) return who ?? undefined;
      return Promise.resolve(who).then((found) => found ?? undefined, failed);
    } catch (cause) {
      return failed(cause);
    }
  };
}
