import { RedisStore } from "connect-redis";
import type { SessionData } from "express-session";
import { createClient } from "redis";
import type { SessionSide } from "./session-side.ts";

/** connect-redis 9 on node-redis, as its documentation shows it. It has no index: a user's sessions are found by reading all. */
export async function openConnectRedis(redisUrl: string): Promise<SessionSide> {
  const client = await createClient({ url: redisUrl }).connect();
  const store = new RedisStore({ client });
  return {
    store,
    async signOut(userId) {
      const all = (await store.all()) as readonly (SessionData & { id: string; userId?: string })[];
      for (const one of all) if (one.userId === userId) await store.destroy(one.id);
    },
    close: async () => client.destroy(),
  };
}
