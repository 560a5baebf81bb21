import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RedisAddress } from "livecache/redis";
import { createClient } from "redis";
import { startCluster } from "../redis-cluster.ts";
import type { RedisCluster } from "../redis-cluster.ts";
import { startRedis } from "../redis-process.ts";
import type { RedisProcess } from "../redis-process.ts";
import { startSentinels } from "../redis-sentinels.ts";
import type { RedisSentinels } from "../redis-sentinels.ts";

/** What nodes may stand on. */
export const GROUNDS = ["single", "sentinels", "cluster"] as const;
export type GroundName = (typeof GROUNDS)[number];

/** Sends a command to Redis past all gates. */
export type Admin = (...args: readonly string[]) => Promise<unknown>;

/** A Redis, and the folder that it keeps its data in. */
export interface Shelf {
  readonly redis: RedisProcess;
  /** Its folder. What is in it counts when it starts the next time. */
  readonly folder: string;
  /** Opens a connection that outlives what is done to others. */
  admin(): Promise<{ readonly ask: Admin; close(): void }>;
  /** Keeps what Redis has now for {@link Shelf.restart}. */
  keep(): Promise<void>;
  /** Starts Redis again after a kill: with nothing, with all it had, or with what was kept. */
  restart(withWhat: "nothing" | "all" | "kept"): Promise<void>;
}

/** What is real of a ground; of the three one is there. */
export interface RigGround {
  readonly single?: Shelf;
  readonly sentinels?: RedisSentinels;
  readonly cluster?: RedisCluster;
  /** Everything that nodes connect to. */
  readonly servers: readonly RedisProcess[];
  /** The address, where each port is reached through another one. */
  addressOf(portOf: (port: number) => number): RedisAddress;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const REPLICAS_PER_SHARD = 1;

/** Starts it. */
export async function openGround(name: GroundName): Promise<RigGround> {
  if (name === "sentinels") {
    const sentinels = await startSentinels();
    const servers = [...sentinels.servers, ...sentinels.sentinels];
    return {
      ...{ sentinels, servers },
      addressOf: (portOf) => ({
        sentinels: sentinels.sentinels.map(({ port }) => ({ host: HOST, port: portOf(port) })),
        name: sentinels.name,
        natMap: natMap(servers, portOf),
      }),
      close: () => sentinels.close(),
    };
  }
  if (name === "cluster") {
    const cluster = await startCluster({ replicasPerShard: REPLICAS_PER_SHARD });
    const { nodes: servers } = cluster;
    return {
      ...{ cluster, servers },
      addressOf: (portOf) => ({
        cluster: servers.map(({ port }) => ({ host: HOST, port: portOf(port) })),
        natMap: natMap(servers, portOf),
      }),
      close: () => cluster.close(),
    };
  }
  const { shelf: single, close } = await openShelf();
  return {
    ...{ single, servers: [single.redis], close },
    addressOf: (portOf) => `redis://${HOST}:${portOf(single.redis.port)}`,
  };
}

function natMap(servers: readonly RedisProcess[], portOf: (port: number) => number) {
  return Object.fromEntries(
    servers.map(({ port }) => [`${HOST}:${port}`, { host: HOST, port: portOf(port) }]),
  );
}

async function openShelf(): Promise<{ readonly shelf: Shelf; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "livecache-faults-"));
  const kept = `${folder}-kept`;
  const aof = join(folder, "appendonlydir");
  const redis = await startRedis({
    config: [
      ...["--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec"],
      ...["--enable-debug-command", "local"],
    ],
  });
  const shelf: Shelf = {
    ...{ redis, folder },
    async admin() {
      const client = createClient({ url: redis.url, socket: { reconnectStrategy: false } });
      client.on("error", () => undefined);
      await client.connect();
      const ask: Admin = (...args) => client.sendCommand([...args]);
      return { ask, close: () => client.destroy() };
    },
    async keep() {
      await rm(kept, { recursive: true, force: true });
      await cp(aof, kept, { recursive: true });
    },
    async restart(withWhat) {
      if (withWhat !== "all") await rm(aof, { recursive: true, force: true });
      if (withWhat === "kept") await cp(kept, aof, { recursive: true });
      await redis.restart();
    },
  };
  return {
    shelf,
    async close() {
      await redis.close();
      await rm(kept, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
