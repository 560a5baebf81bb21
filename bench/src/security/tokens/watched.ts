/** A node that holds sockets of tokens, and ends them when their token is revoked on any node. */
export interface Watched {
  readonly port: number;
  revoke(jti: string, expiresAtMs: number): Promise<unknown>;
  readonly isRevoked: (jti: string) => boolean;
  close(): Promise<void>;
}

/** Opens one node of several. */
export type OpenWatched = (redisUrl: string) => Promise<Watched>;
