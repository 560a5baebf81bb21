import { setMaxListeners } from "node:events";
import { LiveError, isLiveError } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import { checkRealmName } from "../base/names.ts";
import { createTasks } from "../base/tasks.ts";
import type { Ground } from "../ports/ground.ts";
import type { RedisAddress } from "./address.ts";
import { createAdvisor } from "./advisor.ts";
import { countKeys } from "./key-counts.ts";
import { createKeyspace } from "./keyspace.ts";
import { resolveRedisOptions } from "./options.ts";
import type { OpenRedisOptions, RedisSettings } from "./options.ts";
import { createRedisRealm } from "./realm.ts";
import type { RedisRealm } from "./realm.ts";
import { createServerClock } from "./server-clock.ts";
import { shownSettings } from "./shown-settings.ts";
import { openServers } from "./open-servers.ts";
import { slotOf } from "./slots.ts";
import { createStatusBoard } from "./status.ts";

export type {
  RedisAddress,
  RedisClusterAddress,
  RedisSentinelAddress,
  RedisServerAddress,
  RedisTls,
} from "./address.ts";
export type { OpenRedisOptions } from "./options.ts";

/** Most realms of one ground: each has a heartbeat of its own. */
const MOST_REALMS = 1_000;

/**
 * Opens the ground that lives in a Redis 7 (or Valkey) server. Hand it to `createLive`, which closes it.
 *
 * It keeps three connections: one for commands, one for events, and one for each realm that waits for the log. Each is replaced
 * when it fails, and nothing is queued while there is none: see `docs/decisions/003-redis-client.md`.
 *
 * Rejects with `LIVE_OPTIONS_INVALID`; within `connectTimeout` with `LIVE_GROUND_REFUSED` when the server does not let us in or is not
 * one that we can work with, and with `LIVE_GROUND_AWAY` when there is none. With `start: "degraded"` it resolves in both cases,
 * and goes on trying. No message contains the password.
 */
export async function openRedis(address: RedisAddress, options: OpenRedisOptions = {}): Promise<Ground> {
  const settings = resolveRedisOptions(address, options);
  const ground = createRedisGround(settings);
  try {
    await ground.ready();
  } catch (error) {
    if (!settings.mayStartAway || !isLiveError(error)) {
      await ground.close();
      throw error;
    }
  }
  return ground;
}

function createRedisGround(settings: RedisSettings): Ground & { ready(): Promise<void> } {
  const { clock, prefix, database, onError } = settings;
  const ground = randomWord(12);
  const closing = new AbortController();
  const { signal } = closing;
  // Each connection and each pause listens: their number is bounded by that of the realms.
  setMaxListeners(0, signal);
  const tasks = createTasks((error) => report(error));
  const status = createStatusBoard(clock, report);
  const serverClock = createServerClock(clock);
  const realms = new Map<string, RedisRealm>();

  function report(error: unknown): void {
    try {
      onError(error instanceof Error ? error : new Error(String(error)));
    } catch {
      // Whoever only listens must not end the connection that it listens to.
    }
  }

  const advisor = createAdvisor({ ...settings, tasks });
  const servers = openServers({
    ...{ settings, clock, tasks, signal, status, serverClock, realms, report },
    look: advisor.look,
  });
  const shared = {
    ...settings,
    ground,
    serverClock,
    tasks,
    signal,
    send: servers.send,
    walk: servers.walk,
    isSpread: servers.isSpread,
    checkKeeps: advisor.checkKeeps,
  };

  function openRealm(name: string): RedisRealm {
    checkRealmName(name);
    if (realms.size >= MOST_REALMS) {
      const message = `realm ${name}: this ground has ${MOST_REALMS} realms already; open another ground.`;
      throw new LiveError("LIVE_LIMIT_REACHED", message);
    }
    const keyspace = createKeyspace({ prefix, database, realm: name });
    const opened = createRedisRealm(keyspace, { ...shared, ...servers.openRealm(name) });
    realms.set(name, opened);
    servers.begin(name);
    return opened;
  }

  return {
    kind: "redis",
    ready: () => servers.ready(),
    realm: (name) => (realms.get(name) ?? openRealm(name)).stores,
    status: status.now,
    advice: advisor.advice,
    async info(realm) {
      const [told, keys] = await Promise.all([advisor.servers(), countKeys(servers.walk, { prefix, realm })]);
      const { head } = createKeyspace({ prefix, database, realm });
      return { kind: "redis", servers: told, ...keys, ...(servers.isSpread && { slot: slotOf(head) }) };
    },
    settings: () => shownSettings(settings),
    date() {
      const ms = serverClock.latestMs();
      return Number.isFinite(ms) ? ms : clock.wall();
    },
    onStatus: status.onChange,
    async close() {
      closing.abort();
      await tasks.settled();
    },
  };
}
