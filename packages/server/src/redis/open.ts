import { LiveError } from "@livecache/wire";
import type { Cancel } from "../base/clock.ts";
import { invalidOption } from "../base/check.ts";
import { randomWord } from "../base/ids.ts";
import { createTasks } from "../base/tasks.ts";
import type { Ground, GroundStatus } from "../ports/ground.ts";
import { createFeeds, watchSubscriber } from "./feeds.ts";
import { openLink } from "./link.ts";
import type { Link, LinkOptions, RedisClient } from "./link.ts";
import { resolveRedisOptions } from "./options.ts";
import type { OpenRedisOptions, RedisSettings } from "./options.ts";
import { createRedisRealm } from "./realm.ts";
import type { RedisRealm } from "./realm.ts";
import type { Send } from "./run-script.ts";

export type { OpenRedisOptions } from "./options.ts";

/** How often the ground proves that Redis answers, and still holds what this process wrote. */
const BEAT_EVERY_MS = 500;

/** Most realms of one ground. */
const MOST_REALMS = 1_000;

const REALM_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Opens the ground that lives in a Redis 7 (or Valkey) server. Hand it to `createLive`, which closes it.
 *
 * It keeps three connections: one for commands, one that waits for the log, one for events. Each is replaced by itself when it
 * fails, and nothing is queued while there is none: see `docs/decisions/003-redis-client.md`.
 *
 * Rejects with `LIVE_OPTIONS_INVALID`, with `LIVE_GROUND_REFUSED` when the server does not let us in, and with `LIVE_GROUND_AWAY` when
 * it does not answer within `connectTimeout`; with `start: "degraded"` it resolves all the same in that last case.
 */
export async function openRedis(url: string, options: OpenRedisOptions = {}): Promise<Ground> {
  const settings = resolveRedisOptions(url, options);
  const ground = createRedisGround(settings);
  try {
    await ground.ready();
  } catch (error) {
    const away = (error as LiveError).code === "LIVE_GROUND_AWAY";
    if (!away || !settings.mayStartAway) {
      await ground.close();
      throw error;
    }
  }
  return ground;
}

function createRedisGround(settings: RedisSettings): Ground & { ready(): Promise<void> } {
  const { clock, commandTimeoutMs } = settings;
  // Every task here ends by itself or by closing; one that fails has said so to whoever asked.
  const tasks = createTasks(() => undefined);
  const closing = new AbortController();
  const realms = new Map<string, RedisRealm>();
  const listeners = new Set<(status: GroundStatus) => void>();
  let status: GroundStatus = { state: "away", sinceMs: clock.now(), cause: "not connected yet" };
  let cancelBeat: Cancel = () => undefined;
  const tailLinks: Link[] = [];

  function become(next: GroundStatus): void {
    if (next.state === status.state) return;
    status = next;
    for (const listener of listeners) listener(next);
  }

  function link(name: string, on: Pick<LinkOptions, "onConnect" | "onDown">): Link {
    // The random word only spreads reconnects of many processes.
    const random = (): number => Number.parseInt(randomWord(4), 36) / 36 ** 4;
    return openLink({ ...settings, name, tasks, random, ...on });
  }

  /** The first thing on a new connection, before anything that was read over it is believed. */
  async function beatFirst(client: RedisClient): Promise<void> {
    const send: Send = (args) => client.sendCommand([...args]);
    await send(["PING"]);
    for (const { pulse } of realms.values()) await pulse.beat(send);
  }

  const commands = link("commands", {
    async onConnect(client) {
      await beatFirst(client);
      become({ state: "here", sinceMs: clock.now() });
    },
    onDown: (cause) => become({ state: "away", sinceMs: clock.now(), cause: cause.message }),
  });

  const feeds = createFeeds({ link: () => subscriber, clock, commandTimeoutMs });
  const subscriber = link("subscriber", {
    onConnect: (client) => feeds.restore(client),
    onDown: () => undefined,
  });

  async function beatAll(): Promise<void> {
    const beats = [...realms.values()].map(({ pulse }) => pulse.beat(commands.send));
    // A beat that fails is counted by the connection, which gives itself up after two.
    await Promise.allSettled([commands.send(["PING"]), ...beats]);
    await watchSubscriber(subscriber, { clock, commandTimeoutMs });
  }

  function beatOn(): void {
    cancelBeat = clock.after(BEAT_EVERY_MS, () => {
      if (closing.signal.aborted) return;
      tasks.track(beatAll());
      beatOn();
    });
  }

  async function close(): Promise<void> {
    closing.abort();
    cancelBeat();
    await Promise.all([commands, subscriber, ...tailLinks].map((one) => one.close()));
    await tasks.settled();
    listeners.clear();
  }

  function openTailLink(): Link {
    const opened = link("tail", { onConnect: () => Promise.resolve(), onDown: () => undefined });
    tailLinks.push(opened);
    return opened;
  }

  beatOn();
  let closed: Promise<void> | undefined;
  return {
    kind: "redis",
    ready: async () => void (await Promise.all([commands.ready(), subscriber.ready()])),
    realm(name) {
      const known = realms.get(name);
      if (known) return known.stores;
      if (!REALM_NAME.test(name)) throw invalidOption("realm", '1 to 64 letters, digits, "_" and "-"', name);
      if (realms.size >= MOST_REALMS) {
        throw new LiveError(
          "LIVE_LIMIT_REACHED",
          `realm ${name}: this ground has ${MOST_REALMS} realms already.`,
        );
      }
      const { prefix } = settings;
      const signal = closing.signal;
      const shared = { prefix, instance: randomWord(12), clock, tasks, signal, commandTimeoutMs };
      const realm = createRedisRealm(name, { ...shared, send: commands.send, feeds, openTailLink });
      realms.set(name, realm);
      return realm.stores;
    },
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => (closed ??= close()),
  };
}
