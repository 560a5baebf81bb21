/** What a request shows: the claims of its token, and the token itself where that is looked at too. */
export interface Shown {
  readonly jti: string;
  readonly token?: string;
  readonly sub: string;
  /** Seconds since 1970. */
  readonly iat: number;
}

/** A set of revoked tokens under test. */
export interface Revoked {
  revoke(jti: string, expiresAtMs: number): unknown;
  /** `true` when the token is not to be accepted. */
  readonly check: (shown: Shown) => boolean | Promise<boolean>;
  /** How many this process knows; those who ask Redis know none. */
  size(): number;
  close(): Promise<void>;
}

/** Opens a set. It is ready when the promise resolves; how many it knows by then is another matter. */
export type OpenRevoked = (redisUrl: string) => Promise<Revoked>;
