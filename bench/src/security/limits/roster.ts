import type { OpenLimiter } from "./limiter.ts";

/** Everybody who counts what a subject takes. A process loads only what it opens. */
export const LIMITERS = {
  "raw INCR": async (...setting) => (await import("./raw-incr.ts")).openRawIncr(...setting),
  livecache: async (...setting) => (await import("./livecache.ts")).openLivecache(...setting),
  "livecache (GCRA)": async (...setting) => (await import("./livecache.ts")).openLivecacheGcra(...setting),
  "rate-limiter-flexible": async (...setting) =>
    (await import("./rate-limiter-flexible.ts")).openFlexible(...setting),
  "rate-limiter-flexible on node-redis": async (...setting) =>
    (await import("./rate-limiter-flexible.ts")).openFlexibleNodeRedis(...setting),
} as const satisfies Readonly<Record<string, OpenLimiter>>;

/** One of the names above. */
export type LimiterName = keyof typeof LIMITERS;
