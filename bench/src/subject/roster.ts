import type { OpenSubject } from "./subject.ts";

/**
 * Everything that can be measured, by the name that stands in the tables. A process loads only what it opens, so that nobody's code
 * is in another's heap.
 */
export const ROSTER = {
  livecache: async (setting) => (await import("./livecache.ts")).openLivecache(setting),
  "livecache fresh": async (setting) => (await import("./livecache.ts")).openLivecacheFresh(setting),
  bentocache: async (setting) => (await import("./bentocache.ts")).openBentocache(setting),
  cacheable: async (setting) => (await import("./cacheable.ts")).openCacheable(setting),
  "cache-manager": async (setting) => (await import("./keyv-stores.ts")).openCacheManager(setting),
  "async-cache-dedupe": async (setting) =>
    (await import("./async-cache-dedupe.ts")).openAsyncCacheDedupe(setting),
  "layered-loader": async (setting) => (await import("./layered-loader.ts")).openLayeredLoader(setting),
  "layered-loader groups": async (setting) =>
    (await import("./layered-groups.ts")).openLayeredGroups(setting),
  tutorial: async (setting) => (await import("./floors.ts")).openTutorial(setting),
  "lru-cache": async (setting) => (await import("./floors.ts")).openLru(setting),
  "raw GET": async (setting) => (await import("./floors.ts")).openRawRedis(setting),
  "raw GETs pipelined": async (setting) => (await import("./raw-batches.ts")).openRawPipeline(setting),
  "raw MGET": async (setting) => (await import("./raw-batches.ts")).openRawMget(setting),
  "raw MGET, parsed": async (setting) => (await import("./raw-batches.ts")).openParsedMget(setting),
  "raw publish": async (setting) => (await import("./floors.ts")).openRawPublish(setting),
} as const satisfies Readonly<Record<string, OpenSubject>>;

/** One of the names above. */
export type SubjectName = keyof typeof ROSTER;
