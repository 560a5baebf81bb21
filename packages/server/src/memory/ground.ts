import { LiveError } from "@livecache/wire";
import { systemClock } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { checkRealmName } from "../base/names.ts";
import type { Ground, GroundStatus, Realm } from "../ports/ground.ts";
import { appendBare } from "./bare-record.ts";
import { createMemoryCacheStore } from "./cache-store.ts";
import { createMemoryChangeLog } from "./change-log.ts";
import { createMemoryClaimStore } from "./claim-store.ts";
import { createMemoryLane } from "./ephemeral-lane.ts";
import { createMemoryLimitStore } from "./limit-store.ts";
import { createMemoryNotificationStore } from "./notification-store.ts";
import { createMemoryPresenceStore } from "./presence-store.ts";
import { createMemoryRegionStore } from "./region-store.ts";
import { createMemoryRevocationStore } from "./revocation-store.ts";
import { createMemorySessionStore } from "./session-store.ts";
import { createMemorySocketStore } from "./socket-store.ts";
import { realmCounts } from "./realm-counts.ts";
import { createRealmState } from "./state.ts";
import type { MemoryLimits, RealmState } from "./state.ts";

/** Options of {@link createMemoryGround}. */
export interface MemoryGroundOptions {
  readonly clock?: Clock;
  /** Most bytes of stored entries per realm; the least recently used leave first. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Most tags remembered per realm; what depends on a forgotten tag is a miss. Default 100,000. */
  readonly maxTags?: number;
}

/**
 * The embedded ground: everything in this process, gone with it. Several instances of Livecache may share one, as nodes
 * do. Each port method decides in one synchronous turn. It never goes away, and it is lost only as a whole.
 */
export function createMemoryGround(options: MemoryGroundOptions = {}): Ground {
  const clock = options.clock ?? systemClock;
  const limits: MemoryLimits = {
    maxBytes: options.maxBytes ?? 64 * 1024 * 1024,
    maxTags: options.maxTags ?? 100_000,
  };
  const here: GroundStatus = { state: "here", sinceMs: clock.now() };
  const realms = new Map<string, Realm>();
  const states = new Map<string, RealmState>();
  let closed = false;
  const guard = (): void => {
    if (closed) throw new LiveError("LIVE_CLOSED", "The memory ground is closed.");
  };
  return {
    kind: "memory",
    realm(name) {
      checkRealmName(name);
      const known = realms.get(name);
      if (known) return known;
      const state = createRealmState(clock, limits);
      states.set(name, state);
      const realm: Realm = {
        cacheStore: createMemoryCacheStore(state, guard),
        changeLog: createMemoryChangeLog(state, guard),
        lane: createMemoryLane(state, guard),
        claimStore: createMemoryClaimStore({ clock, maxBytes: limits.maxBytes }, guard),
        notificationStore: createMemoryNotificationStore(state, guard),
        presenceStore: createMemoryPresenceStore(clock, guard),
        socketStore: createMemorySocketStore(clock, guard),
        regionStore: createMemoryRegionStore(clock, guard),
        revocationStore: createMemoryRevocationStore(state, guard),
        sessionStore: createMemorySessionStore({
          clock,
          append(ending) {
            const position = appendBare(state, ending);
            ending.onAppended?.(position);
          },
          guard,
        }),
        limitStore: createMemoryLimitStore(clock, guard),
      };
      realms.set(name, realm);
      return realm;
    },
    status: () => here,
    advice: () => [],
    async info(name) {
      const state = states.get(name);
      return { kind: "memory", servers: [], counts: state ? realmCounts(state) : {}, isPartial: false };
    },
    date: () => clock.wall(),
    onStatus: () => () => undefined,
    close() {
      closed = true;
      for (const state of states.values()) state.end();
      states.clear();
      realms.clear();
      return Promise.resolve();
    },
  };
}
