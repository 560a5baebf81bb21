import type { JWTPayload } from "jose";
import { refused } from "./refusals.ts";

/** What a token says of who presents it, as `Identity` names it. */
export interface TokenIdentity {
  /** `sub`. */
  readonly userId: string;
  /** `jti`, or the whole token when it has none: what `live.tokens.revoke` takes. */
  readonly tokenId: string;
  /** `iat`, in milliseconds since 1970; absent when the token does not say. */
  readonly issuedAt?: number;
  /** `exp`, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Reads the claims of a verified token.
 *
 * @throws LiveError `LIVE_BEARER_REFUSED` when `sub` or `jti` is not a text that can stand for something
 */
export function identityOfClaims({ sub, jti, iat, exp }: JWTPayload, token: string): TokenIdentity {
  if (typeof sub !== "string" || sub === "") throw refused("claims", 'its claim "sub" is missing or empty');
  if (jti !== undefined && (typeof jti !== "string" || jti === "")) {
    throw refused("claims", 'its claim "jti" is no text');
  }
  const identity = { userId: sub, tokenId: jti ?? token, expiresAt: exp! * 1_000 };
  return iat === undefined ? identity : { ...identity, issuedAt: iat * 1_000 };
}
