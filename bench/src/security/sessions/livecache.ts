import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import { createSessionStore } from "livecache/session";
import { SECRET } from "../secret.ts";
import type { SessionSide } from "./session-side.ts";

/** As documented: the store of `livecache/session` with all its defaults. */
export async function openLivecache(redisUrl: string): Promise<SessionSide> {
  const live = createLive({ ground: await openRedis(redisUrl), secret: SECRET });
  return {
    store: createSessionStore(live),
    signOut: (userId) => live.sessions.endAll(userId),
    close: () => live.close(),
  };
}
