import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "redis";
import { freePort } from "../free-port.ts";
import { openGate } from "../gate.ts";
import type { Gate } from "../gate.ts";
import { startNode } from "../node-process.ts";
import type { NodeProcess } from "../node-process.ts";
import { startRedis } from "../redis-process.ts";
import type { RedisProcess } from "../redis-process.ts";
import type { FaultsNodeOptions, NodeReport } from "./faults-node.ts";
import { openOrigin } from "./origin.ts";
import type { Origin } from "./origin.ts";
import type { Plant } from "./plants.ts";

/** One node: the process that runs now, always on the same port, and what stands between it and Redis. */
export interface Place {
  readonly letter: string;
  readonly port: number;
  readonly gate: Gate;
  /** Of the process that runs now: `a`, then `a2`, and so on. */
  name: string;
  process: NodeProcess;
  /** The process itself is struck: killed, stopped or blocked. */
  isStruck: boolean;
}

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

/** Everything of a run that lives. */
export interface Site extends Shelf {
  readonly origin: Origin;
  readonly places: readonly Place[];
  killNode(place: Place): Promise<void>;
  restartNode(place: Place): Promise<void>;
  /** Which processes have ended without being killed, and what they said. */
  exits(): readonly string[];
  /** What all processes say of themselves, those that were killed as of just before. */
  reports(): Promise<readonly NodeReport[]>;
  close(): Promise<void>;
}

/** How a site is opened. */
export interface SiteOptions {
  readonly seed: number;
  readonly nodes: number;
  /** A bug of the second node. */
  readonly plant?: Plant | undefined;
}

/** Opens a Redis that keeps its data, an origin, and nodes behind gates. */
export async function openSite({ seed, nodes, plant }: SiteOptions): Promise<Site> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  const expected = new Set<NodeProcess>();
  const past: NodeReport[] = [];
  let started = 0;

  try {
    const shelf = await openShelf(closers);
    const origin = await openOrigin(seed);
    closers.push(() => origin.close());

    const start = (place: Pick<Place, "letter" | "port" | "gate">, name: string): Promise<NodeProcess> => {
      const { letter, port, gate } = place;
      const its: FaultsNodeOptions = {
        ...{ name, port, redisUrl: gate.url, originUrl: origin.url },
        plant: letter === "b" ? plant : undefined,
      };
      return startNode(new URL("./faults-node.js", import.meta.url), { args: [JSON.stringify(its)] });
    };
    const openPlace = async (index: number): Promise<Place> => {
      const letter = String.fromCharCode("a".charCodeAt(0) + index);
      const gate = await openGate(shelf.redis.port);
      closers.push(() => gate.close());
      const fixed = { letter, gate, port: await freePort() };
      const place = { ...fixed, name: letter, process: await start(fixed, letter), isStruck: false };
      closers.push(() => place.process.close());
      return place;
    };
    const places: Place[] = [];
    for (let index = 0; index < nodes; index++) places.push(await openPlace(index));

    return {
      ...shelf,
      ...{ origin, places, close },
      async killNode(place) {
        place.isStruck = true;
        past.push(await reportOf(place));
        expected.add(place.process);
        await place.process.kill();
      },
      async restartNode(place) {
        place.name = `${place.letter}${++started + 1}`;
        place.process = await start(place, place.name);
        place.isStruck = false;
      },
      exits: () =>
        places
          .filter(({ process }) => process.ended() !== undefined && !expected.has(process))
          .map(
            ({ name, process }) => `${name} ended with ${process.ended()}: ${process.errors().slice(-2_000)}`,
          ),
      reports: async () => [...past, ...(await Promise.all(places.map(reportOf)))],
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function reportOf({ process }: Place): Promise<NodeReport> {
  const nothing: NodeReport = { unhandled: [], statuses: [], warnings: [], rssBytes: 0 };
  return process.call("report").catch(() => nothing) as Promise<NodeReport>;
}

async function openShelf(closers: (() => Promise<unknown>)[]): Promise<Shelf> {
  const folder = await mkdtemp(join(tmpdir(), "livecache-faults-"));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const kept = `${folder}-kept`;
  closers.push(() => rm(kept, { recursive: true, force: true }));
  const redis = await startRedis({
    config: [
      ...["--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec"],
      ...["--enable-debug-command", "local"],
    ],
  });
  closers.push(() => redis.close());
  const aof = "appendonlydir";
  return {
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
      await cp(join(folder, aof), kept, { recursive: true });
    },
    async restart(withWhat) {
      if (withWhat !== "all") await rm(join(folder, aof), { recursive: true, force: true });
      if (withWhat === "kept") await cp(kept, join(folder, aof), { recursive: true });
      await redis.restart();
    },
  };
}
