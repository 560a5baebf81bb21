import { createServer } from "node:http";
import express from "express";
import session from "express-session";
import { createLive, defineLimit } from "livecache";
import { guard, limited } from "livecache/express";
import { openRedis } from "livecache/redis";
import { readSession, sessionSettings, signIn, signOut } from "livecache/session";
import { SECRET } from "../secret.ts";
import { sessionData } from "../sessions/session-side.ts";
import { AMPLE, USER, WINDOW_S, answerItem, cookieOf, listeningSite } from "./guarded-site.ts";
import type { GuardedSite } from "./guarded-site.ts";

const COOKIE = { secret: SECRET, plainHttp: true } as const;

/** As documented: express-session with Livecache's store, an `identify` that reads the session, a guard, a limit by user. */
export async function openLivecacheSessions(redisUrl: string): Promise<GuardedSite> {
  const live = createLive({
    ground: await openRedis(redisUrl),
    secret: SECRET,
    async identify(request, { sessions }) {
      const found = await readSession(sessions, request.headers, COOKIE);
      return found?.userId === undefined ? undefined : { userId: found.userId, sessionId: found.id };
    },
  });
  const limit = defineLimit({ name: "item", limit: AMPLE, window: `${WINDOW_S}s` });
  const app = express();
  app.use(session(sessionSettings(live, COOKIE)));
  app.post("/sign-in", async (request, response) => {
    await signIn(request, { userId: USER, data: sessionData(USER) });
    response.json({});
  });
  app.post("/sign-out", async (request, response) => {
    await signOut(request);
    response.json({});
  });
  app.get("/item", guard(live), limited(live, limit), answerItem);
  const site = await listeningSite(createServer(app), {
    admitted: () => cookieOf(site.port, "/sign-in"),
    refused: async () => cookieOf(site.port, "/sign-out", await cookieOf(site.port, "/sign-in")),
    end: () => live.close(),
  });
  return site;
}
