import type { OpenSessions } from "./session-side.ts";

/** Everybody who keeps sessions. A process loads only what it opens. */
export const SESSIONS = {
  "connect-redis": async (redisUrl) => (await import("./connect-redis.ts")).openConnectRedis(redisUrl),
  livecache: async (redisUrl) => (await import("./livecache.ts")).openLivecache(redisUrl),
} as const satisfies Readonly<Record<string, OpenSessions>>;

/** One of the names above. */
export type SessionsName = keyof typeof SESSIONS;
