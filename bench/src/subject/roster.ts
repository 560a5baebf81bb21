import { openAsyncCacheDedupe } from "./async-cache-dedupe.ts";
import { openBentocache } from "./bentocache.ts";
import { openCacheManager } from "./cache-manager.ts";
import { openCacheable } from "./cacheable.ts";
import { openLru, openRawMget, openRawPipeline, openRawRedis, openTutorial } from "./floors.ts";
import { openLayeredGroups } from "./layered-groups.ts";
import { openLayeredLoader } from "./layered-loader.ts";
import { openLivecache } from "./livecache.ts";
import type { OpenSubject } from "./subject.ts";

/** Everything that can be measured, by the name that stands in the tables. */
export const ROSTER = {
  livecache: openLivecache,
  bentocache: openBentocache,
  cacheable: openCacheable,
  "cache-manager": openCacheManager,
  "async-cache-dedupe": openAsyncCacheDedupe,
  "layered-loader": openLayeredLoader,
  "layered-loader groups": openLayeredGroups,
  tutorial: openTutorial,
  "lru-cache": openLru,
  "raw GET": openRawRedis,
  "raw GETs pipelined": openRawPipeline,
  "raw MGET": openRawMget,
} as const satisfies Readonly<Record<string, OpenSubject>>;

/** One of the names above. */
export type SubjectName = keyof typeof ROSTER;
