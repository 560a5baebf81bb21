import { LiveError } from "@livecache/wire";
import { isRefusedCredential } from "../base/credentials.ts";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import { isPromiseLike } from "../base/promise-like.ts";
import type { Tokens } from "../tokens/token-api.ts";
import type { Identify, Known } from "./resolve-options.ts";

/**
 * Says who a request or socket is, at once where the application does. Fails with `LIVE_IDENTITY_FAILED`, or with what a reader of tokens
 * says of one that is not accepted.
 */
export type IdentifyNow = (request: IdentifyRequest) => Identity | undefined | Promise<Identity | undefined>;

/** What becomes of what the application says. */
export interface IdentifyParts {
  readonly identify: Identify<Identity>;
  /** What the application's function is given besides the request. */
  readonly known: Known;
  /** Whether a token is not accepted any more. */
  readonly isRevoked: (identity: Identity) => boolean;
}

/** Makes the application's `identify` fail in one way only, and nobody of those whose token is revoked. */
export function createIdentify({ identify, known, isRevoked }: IdentifyParts): IdentifyNow {
  function failed(cause: unknown): never {
    if (isRefusedCredential(cause)) throw cause;
    throw new LiveError(
      "LIVE_IDENTITY_FAILED",
      `identify failed: ${String(cause)}. Return undefined for nobody.`,
      { cause },
    );
  }
  function judged(found: Identity | null | undefined): Identity | undefined {
    return found && !isRevoked(found) ? found : undefined;
  }
  return (request) => {
    try {
      const who = identify(request, known);
      return isPromiseLike(who) ? Promise.resolve(who).then(judged).catch(failed) : judged(who);
    } catch (cause) {
      return failed(cause);
    }
  };
}

/**
 * Whether an identity rests on a token that is not accepted any more, as far as this node knows. One that says neither which token it rests
 * on nor since when is the application's own business.
 */
export function isRevoked(
  tokens: Pick<Tokens, "check"> | undefined,
  { tokenId, userId, issuedAt }: Identity,
): boolean {
  if (tokens === undefined || (tokenId === undefined && issuedAt === undefined)) return false;
  return tokens.check({ tokenId, userId, issuedAt }) === "revoked";
}
