import type { OpenRevoked } from "./revoked.ts";

/** Everybody who can say whether a token is revoked. A process loads only what it opens. */
export const REVOKED = {
  "plain Set": async () => (await import("./plain-sets.ts")).openPlainSet(),
  "plain Map": async () => (await import("./plain-sets.ts")).openPlainMap(),
  "raw EXISTS": async (redisUrl) => (await import("./plain-sets.ts")).openRawExists(redisUrl),
  livecache: async (redisUrl) => (await import("./livecache.ts")).openLivecache(redisUrl),
} as const satisfies Readonly<Record<string, OpenRevoked>>;

/** One of the names above. */
export type RevokedName = keyof typeof REVOKED;
