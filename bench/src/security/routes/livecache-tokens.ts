import { createServer } from "node:http";
import express from "express";
import { createLive, defineLimit } from "livecache";
import { guard, limited } from "livecache/express";
import { createTokenReader } from "livecache/jwt";
import { openRedis } from "livecache/redis";
import { SECRET } from "../secret.ts";
import { AMPLE, WINDOW_S, answerItem, listeningSite } from "./guarded-site.ts";
import type { GuardedSite } from "./guarded-site.ts";
import { TOKEN_SECRET, expiresAtMs, tokenOf } from "./tokens.ts";

/** As documented: tokens by `livecache/jwt`, a guard, a limit by user. Sockets would share all of it. */
export async function openLivecacheTokens(redisUrl: string): Promise<GuardedSite> {
  const reader = createTokenReader({ secret: TOKEN_SECRET });
  const live = createLive({
    ground: await openRedis(redisUrl),
    secret: SECRET,
    async identify(request) {
      return (await reader.read(request))?.identity;
    },
  });
  const limit = defineLimit({ name: "item", limit: AMPLE, window: `${WINDOW_S}s` });
  const app = express();
  app.get("/item", guard(live), limited(live, limit), answerItem);
  return listeningSite(createServer(app), {
    admitted: () => tokenOf("good"),
    async refused() {
      await live.tokens.revoke("bad", expiresAtMs());
      return tokenOf("bad");
    },
    end: () => live.close(),
  });
}
