import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import { SECRET } from "../secret.ts";
import type { Revoked } from "./revoked.ts";

/** As documented: every node holds the whole set. */
export async function openLivecache(redisUrl: string): Promise<Revoked> {
  const live = createLive({ ground: await openRedis(redisUrl), secret: SECRET });
  return {
    revoke: (jti, expiresAtMs) => live.tokens.revoke(jti, expiresAtMs),
    check: (claims) => live.tokens.check(claims) !== "valid",
    size: () => (Number.isFinite(live.tokens.status().freshMs) ? live.tokens.status().size : 0),
    close: () => live.close(),
  };
}
