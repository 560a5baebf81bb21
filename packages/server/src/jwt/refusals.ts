import { LiveError } from "@livecache/wire";

/** Why a token is not accepted, in one word. */
export type BearerReason = "malformed" | "algorithm" | "signature" | "key" | "claims" | "early" | "query";

/** The error for a token that is not accepted. It never holds the token, a claim's value or a key. */
export function refused(reason: BearerReason, why: string): LiveError {
  return new LiveError("LIVE_BEARER_REFUSED", `This token is not accepted: ${why}.`, { details: { reason } });
}

/** By the codes of `jose`. What is not here is no fault of the token: a key set that could not be fetched, for example. */
const REASONS: Readonly<Record<string, readonly [BearerReason, string]>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: ["algorithm", "it is signed by an algorithm that is not allowed here"],
  ERR_JOSE_NOT_SUPPORTED: ["algorithm", "it is signed in a way that is not supported"],
  ERR_JWS_INVALID: ["malformed", "it is no signed token"],
  ERR_JWT_INVALID: ["malformed", "it is no JSON Web Token"],
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: ["signature", "its signature is not from a key that is known here"],
  ERR_JWKS_NO_MATCHING_KEY: ["key", "its key is not in the key set"],
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: ["key", "it does not say which key of the key set it is signed with"],
};

/** Turns what `jose` throws into the error of ours; `undefined` when it is no fault of the token. */
export function refusalOf(error: unknown): LiveError | undefined {
  const { code, claim } = (error ?? {}) as { readonly code?: unknown; readonly claim?: unknown };
  if (code === "ERR_JWT_EXPIRED") {
    return new LiveError("LIVE_IDENTITY_EXPIRED", "This token has expired. Sign in again, or refresh it.");
  }
  if (code === "ERR_JWT_CLAIM_VALIDATION_FAILED") {
    return claim === "nbf"
      ? refused("early", "it is not valid yet")
      : refused("claims", `its claim "${String(claim)}" is missing, or not what is expected here`);
  }
  const known = typeof code === "string" ? REASONS[code] : undefined;
  return known && refused(...known);
}
