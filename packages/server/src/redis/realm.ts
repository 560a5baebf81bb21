import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Realm } from "../ports/ground.ts";
import { createRedisCacheStore } from "./cache-store.ts";
import { createRedisChangeLog, renewEpoch } from "./change-log.ts";
import { createRedisClaimStore } from "./claim-store.ts";
import { createRedisLane } from "./ephemeral-lane.ts";
import type { Feeds } from "./feeds.ts";
import { keepRevocations, keepSessions } from "./kept-safe.ts";
import type { CheckKeeps } from "./kept-safe.ts";
import type { Keyspace } from "./keyspace.ts";
import { createRedisLimitStore } from "./limit-store.ts";
import type { Link } from "./link.ts";
import { createRedisPresenceStore } from "./presence-store.ts";
import { createRedisNotificationStore } from "./notification-store.ts";
import { createPulse } from "./pulse.ts";
import type { Pulse } from "./pulse.ts";
import { createRedisRegionStore } from "./region-store.ts";
import { createRedisRevocationStore } from "./revocation-store.ts";
import { createRedisSessionStore } from "./session-store.ts";
import type { Walk } from "./servers.ts";
import type { ServerClock } from "./server-clock.ts";
import { createRedisSocketStore } from "./socket-store.ts";
import { createLogTail } from "./tail.ts";
import type { Send } from "./wire.ts";

/** What all realms of a ground share. */
export interface SharedParts {
  /** Name of this ground, new each time it is opened. */
  readonly ground: string;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly commandTimeoutMs: number;
  readonly send: Send;
  readonly walk: Walk;
  readonly isSpread: boolean;
  readonly feeds: Feeds;
  /** Throws `LIVE_GROUND_UNSAFE` where what is written may be thrown away. */
  readonly checkKeeps: CheckKeeps;
  readonly openTailLink: () => Link;
}

/** One realm in Redis, and the pulse that the ground beats for it. */
export interface RedisRealm {
  readonly keyspace: Keyspace;
  readonly stores: Realm;
  readonly pulse: Pulse;
}

/** Puts the parts of one realm together. */
export function createRedisRealm(keyspace: Keyspace, shared: SharedParts): RedisRealm {
  const { ground, send, feeds } = shared;
  const { nodes, acks } = keyspace;
  const pulse = createPulse(keyspace, ground);
  const tail = createLogTail({
    ...shared,
    keyspace,
    openLink: shared.openTailLink,
    onSeen: pulse.saw,
    renewEpoch: (from) => renewEpoch(send, keyspace, from),
    unregister: (node) => Promise.all([send(["ZREM", nodes, node]), send(["HDEL", acks, node])]),
  });
  const cacheStore = createRedisCacheStore({ ...shared, keyspace });
  const changeLog = createRedisChangeLog({ keyspace, ground, send, pulse, tail, feeds });
  const lane = createRedisLane({ keyspace, send, feeds });
  const claimStore = createRedisClaimStore({ keyspace, send });
  const notificationStore = createRedisNotificationStore({ keyspace, send });
  const presenceStore = createRedisPresenceStore({ keyspace, send, feeds });
  const socketStore = createRedisSocketStore({ keyspace, send });
  const regionStore = createRedisRegionStore({ keyspace, send });
  const limitStore = createRedisLimitStore({ keyspace, send });
  const revocationStore = keepRevocations(
    createRedisRevocationStore({ keyspace, ground, send, pulse }),
    shared.checkKeeps,
  );
  const sessionStore = keepSessions(
    createRedisSessionStore({ keyspace, ground, send, pulse, serverClock: shared.serverClock }),
    shared.checkKeeps,
  );
  const people = { claimStore, notificationStore, presenceStore, socketStore, regionStore, limitStore };
  return {
    keyspace,
    stores: { cacheStore, changeLog, lane, revocationStore, sessionStore, ...people },
    pulse,
  };
}
