import { createHash } from "node:crypto";
import { LiveError } from "@livecache/wire";

/** Who a request or a socket is, as the application's `identify` says. Further fields are the application's own. */
export interface Identity {
  readonly userId: string;
  /** When it ends, in milliseconds since 1970: a token's `exp` times 1,000. A socket is warned before, and ended then. */
  readonly expiresAt?: number;
  /** The session that said so: it ends, and so do the sockets that it opened. */
  readonly sessionId?: string;
  /** The token that said so, as it is revoked by: its `jti`, or the whole token where it has none. */
  readonly tokenId?: string;
  /** When the token was issued or the session signed in, in milliseconds since 1970: a token's `iat` times 1,000. */
  readonly issuedAt?: number;
}

/** What `identify` is given, for an HTTP request and a socket handshake alike. */
export interface IdentifyRequest {
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly url: string;
  /** What a socket client sent as `auth`; absent for HTTP requests. */
  readonly auth?: Readonly<Record<string, unknown>> | undefined;
  /** The framework's own request (Express) or handshake (Socket.IO), for middleware that left something on it. */
  readonly native: unknown;
}

/**
 * A short digest of the named fields of an identity: equal for two identities exactly when all those fields are equal.
 * Nobody (`undefined`) differs from everybody. Lists are compared as sets, so the order of roles does not matter.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when an identity lacks a named field, which is nearly always a misspelt name
 */
export function identityDigest(identity: Identity | undefined, fields: readonly string[]): string {
  if (fields.length === 0) return "all";
  if (!identity) return "nobody";
  const values = fields.map((field) => {
    if (!Object.hasOwn(identity, field)) {
      throw new LiveError(
        "LIVE_OPTIONS_INVALID",
        `vary: the identity has no field "${field}". It has: ${Object.keys(identity).join(", ")}.`,
        { details: { field } },
      );
    }
    const value = (identity as unknown as Readonly<Record<string, unknown>>)[field];
    return Array.isArray(value) ? [...value].sort() : (value ?? null);
  });
  return createHash("sha256").update(JSON.stringify(values)).digest("base64url").slice(0, 22);
}
