import { createClient } from "redis";
import type { Revoked } from "./revoked.ts";

/** A set in the process: the floor. Nothing of it ever expires, and no other process knows it. */
export async function openPlainSet(): Promise<Revoked> {
  const revoked = new Set<string>();
  return {
    revoke: (jti) => revoked.add(jti),
    check: ({ jti, token }) => revoked.has(jti) || (token !== undefined && revoked.has(token)),
    size: () => revoked.size,
    close: async () => revoked.clear(),
  };
}

/** A map from id to expiry in the process, as a blacklist is written by hand. No other process knows it. */
export async function openPlainMap(): Promise<Revoked> {
  const revoked = new Map<string, number>();
  const isRevoked = (id: string): boolean => {
    const expiresAtMs = revoked.get(id);
    return expiresAtMs !== undefined && expiresAtMs > Date.now();
  };
  return {
    revoke: (jti, expiresAtMs) => revoked.set(jti, expiresAtMs),
    check: ({ jti, token }) => isRevoked(jti) || (token !== undefined && isRevoked(token)),
    size: () => revoked.size,
    close: async () => revoked.clear(),
  };
}

/** A key for each token with the token's own expiry, and an EXISTS for each request. */
export async function openRawExists(redisUrl: string): Promise<Revoked> {
  const client = await createClient({ url: redisUrl }).connect();
  const keyOf = (id: string): string => `blacklist:${id}`;
  return {
    revoke: (jti, expiresAtMs) =>
      client.set(keyOf(jti), "1", { expiration: { type: "PXAT", value: expiresAtMs } }),
    async check({ jti, token }) {
      const keys = token === undefined ? keyOf(jti) : [keyOf(jti), keyOf(token)];
      return (await client.exists(keys)) > 0;
    },
    size: () => 0,
    close: async () => client.destroy(),
  };
}
