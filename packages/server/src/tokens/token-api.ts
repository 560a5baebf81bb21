import type { Duration } from "../base/duration.ts";
import type { Position } from "@livecache/wire";
import type { Revocation } from "../ports/revocation-store.ts";

/** What is known of a token that was presented: the claims of a JWT fit, and so does an `Identity`. */
export interface TokenClaims {
  /** What the token was revoked by: its `jti`, or the whole token where it has none. */
  readonly tokenId?: string | undefined;
  readonly jti?: string | undefined;
  /** The whole token, as it was presented: for those that were revoked as a whole. */
  readonly token?: string | undefined;
  /** Whose it is: `sub` of a JWT, `userId` of an identity. */
  readonly sub?: string | undefined;
  readonly userId?: string | undefined;
  /** When it was issued: `iat` in seconds since 1970, as in a JWT; `issuedAt` in milliseconds. */
  readonly iat?: number | undefined;
  readonly issuedAt?: number | undefined;
}

/**
 * `"revoked"`: it is not to be accepted. `"valid"`: it was not revoked, as of at most `maxStale` ago. `"unknown"`: this node has not
 * heard of revocations for longer than that, or has never had all of them; accept it only where that does no harm.
 */
export type TokenVerdict = "valid" | "revoked" | "unknown";

/** Options of {@link Tokens.check}. */
export interface CheckOptions {
  /** How old this node's knowledge may be. Default 30 s. */
  readonly maxStale?: Duration;
}

/** How a revocation ended: it stands in the log at `position`, and every node refuses what it names once it has read that far. */
export interface RevokeResult {
  readonly changeId: string;
  readonly position: Position;
}

/** What one node knows of revocations. */
export interface TokensStatus {
  /** How old the knowledge is, in milliseconds; `Infinity` before the whole set was read for the first time. */
  readonly freshMs: number;
  /** Revoked tokens that this node knows. */
  readonly size: number;
  /** Users, and the one for all, whose earlier tokens are refused. */
  readonly watermarks: number;
  /** Bytes of memory taken by the tokens. */
  readonly bytes: number;
  /** What was revoked here, and could not be told to the others yet. */
  readonly pending: number;
  /** Calls that were refused because there were too many revocations. */
  readonly refused: number;
}

/**
 * Tokens that are not accepted any more, before they expire by themselves.
 *
 * Every node holds all of them, so {@link Tokens.check} asks nobody. **While the ground is away** everything that was known to be
 * revoked stays revoked; what is revoked meanwhile holds on this node at once, the call rejects with `LIVE_REVOCATION_PENDING`, and it
 * is told to the others as soon as the ground is back. A ground that comes back without its data gets it again from the nodes that live.
 */
export interface Tokens {
  /**
   * Revokes one token until it expires by itself. `tokenOrId` is its `jti`, or the whole token when it has none: it is kept only as a digest.
   * `expiresAt` is its `exp`, as a date or in *milliseconds* since 1970. Resolves when it stands in the ground: no node that reads on
   * accepts it, typically within milliseconds. Again with a later `expiresAt`, the later counts.
   *
   * Rejects with `LIVE_INPUT_INVALID`; with `LIVE_LIMIT_REACHED` when 2 million tokens are revoked already, and then nothing has happened;
   * with `LIVE_REVOCATION_PENDING` when only this node knows of it so far.
   */
  revoke(tokenOrId: string, expiresAt: Date | number): Promise<RevokeResult>;
  /**
   * Revokes all tokens of a user that were issued up to `before`, by default up to now: signed out everywhere, password changed. A token
   * says its issue time in whole seconds, so one that is issued in the same second as this is revoked as well. It holds for tokens that
   * live up to 400 days. The user's sockets are identified again at once. Rejects as {@link Tokens.revoke} does.
   */
  revokeUser(userId: string, before?: Date | number): Promise<RevokeResult>;
  /** The same for the tokens of all users. */
  revokeAll(before?: Date | number): Promise<RevokeResult>;
  /**
   * Says whether a token may be accepted, at once and without asking anybody. It does not verify the token: do that first. A token that
   * does not say when it was issued is refused once its user, or everybody, has been signed out.
   *
   * @throws LiveError `LIVE_INPUT_INVALID` when the claims name no token, user or issue time; `LIVE_OPTIONS_INVALID` for `maxStale`
   */
  check(claims: TokenClaims, options?: CheckOptions): TokenVerdict;
  status(): TokensStatus;
  /**
   * Tells what this node has learned to be revoked, from whomever, since now; the answer stops it. Several at a time. Told after the
   * cache was told of the same record, and before clients are; `check` says "revoked" already.
   */
  onRevoked(listener: (revoked: readonly Revocation[]) => void): () => void;
}
