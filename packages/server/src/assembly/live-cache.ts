import type { Contract } from "@livecache/wire";
import { createCache } from "../cache/cache.ts";
import type { Cache } from "../cache/cache.ts";
import { createKeepWarming } from "../cache/keep-warm.ts";
import type { KeepWarming } from "../cache/keep-warm.ts";
import { createKeyWalk } from "../cache/key-walk.ts";
import type { KeyWalk } from "../cache/key-walk.ts";
import { createStats } from "../cache/stats.ts";
import type { CacheCounts, CacheStats } from "../cache/stats.ts";
import { createWarming } from "../cache/warm.ts";
import type { Warming } from "../cache/warm.ts";
import type { Ground } from "../ports/ground.ts";
import type { Rooms } from "./open-rooms.ts";
import type { Publisher } from "./publish.ts";

/** The cache of an application, with what operators and the start of a node need. `publish` is {@link Publisher.publish}. */
export interface LiveCache<C extends Contract> extends Cache, KeyWalk, Warming, KeepWarming, Publisher<C> {
  /**
   * What the ground holds and what this node has counted since it started, with counters by pattern of keys. Counting the ground's
   * entries walks through their keys, page by page, up to 100,000: for operators, not for every request. Never rejects for the ground's sake.
   */
  getStats(): Promise<CacheStats>;
}

/** Puts the public cache of one node together. */
export function openLiveCache(rooms: Rooms, publisher: Publisher<Contract>): LiveCache<Contract> {
  const { ground, clock, tasks, warn, signal, stores, scopes } = rooms;
  const cache = createCache({
    engine: rooms.cache,
    store: stores.cacheStore,
    fence: () => scopes.current()?.fence,
    move: rooms.changes.move,
  });
  const warming = createWarming({ resolve: cache.resolve, clock, signal });
  const whenHere = (stopping: AbortSignal): Promise<void> => hereOf(ground, stopping);
  return {
    ...cache,
    ...createKeyWalk(stores.cacheStore),
    ...warming,
    ...createKeepWarming({ warm: warming.warm, clock, tasks, signal, whenHere, warn }),
    ...publisher,
    getStats: createStats({
      kind: ground.kind,
      status: () => ground.status(),
      store: stores.cacheStore,
      patterns: rooms.ledger.patterns,
      near: () => nearOf(rooms),
    }),
  };
}

/** What this node's memory holds. */
export function nearOf({ cache, options }: Pick<Rooms, "cache" | "options">): CacheCounts["near"] {
  const { size, bytes } = cache.view.near;
  return { entries: size, bytes, maxBytes: options.nearMaxBytes };
}

/** Resolves when the ground is here, or nobody waits for it any more. */
function hereOf(ground: Ground, stopping: AbortSignal): Promise<void> {
  if (ground.status().state === "here" || stopping.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    function done(): void {
      unsubscribe();
      stopping.removeEventListener("abort", done);
      resolve();
    }
    const unsubscribe = ground.onStatus(({ state }) => {
      if (state === "here") done();
    });
    stopping.addEventListener("abort", done, { once: true });
  });
}
