import type { OpenGuarded } from "./guarded-site.ts";

/** Every way of guarding the route. A process loads only what it opens. */
export const GUARDED = {
  "bare Express": async () => (await import("./bare.ts")).openBare(),
  "session by hand": async (redisUrl) => (await import("./hand-made.ts")).openSessionByHand(redisUrl),
  "token by hand": async (redisUrl) => (await import("./hand-made.ts")).openTokenByHand(redisUrl),
  "livecache, session": async (redisUrl) =>
    (await import("./livecache-sessions.ts")).openLivecacheSessions(redisUrl),
  "livecache, token": async (redisUrl) =>
    (await import("./livecache-tokens.ts")).openLivecacheTokens(redisUrl),
} as const satisfies Readonly<Record<string, OpenGuarded>>;

/** One of the names above. */
export type GuardedName = keyof typeof GUARDED;
