import { openGate } from "../gate.ts";
import type { Gate } from "../gate.ts";
import { startNode } from "../node-process.ts";
import type { NodeProcess } from "../node-process.ts";
import { startRedis } from "../redis-process.ts";
import type { RedisProcess } from "../redis-process.ts";
import type { CrowdOptions } from "./crowd.ts";
import type { LossNodeOptions } from "./loss-node.ts";
import { GROUPS } from "./schedule.ts";

/** A node: the process that runs now, and what stands between it and Redis. */
export interface Place {
  /** `a` or `b` for the nodes with sockets, `c` for the one without. */
  readonly letter: string;
  readonly redisGate: Gate;
  /** The publisher's name of the process that runs now: `a`, then `a2`, and so on. */
  name: string;
  process: NodeProcess;
  port: number;
}

/** Everything of a run that lives. */
export interface Site {
  readonly redis: RedisProcess;
  /** `a`, `b` and `c`. */
  readonly places: readonly Place[];
  readonly crowd: NodeProcess;
  /** What stands between each group of clients and its node. */
  readonly clientGates: readonly Gate[];
  /** Publishers that were killed. */
  readonly killed: readonly string[];
  /** Kills a node with sockets; its clients find the other one. */
  killNode(place: Place): Promise<void>;
  restartNode(place: Place): Promise<void>;
  /** Which processes have ended without being killed, and what they said. */
  exits(): readonly string[];
  close(): Promise<void>;
}

/** How a site is opened. */
export interface SiteOptions extends Omit<CrowdOptions, "urls">, Pick<LossNodeOptions, "plant"> {
  readonly redisConfig: readonly string[];
}

const here = (module: string): URL => new URL(module, import.meta.url);

/** Opens a Redis, three nodes behind gates, and a crowd of clients behind gates. */
export async function openSite({ redisConfig, plant, ...crowdOptions }: SiteOptions): Promise<Site> {
  const { seed, channels } = crowdOptions;
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.reverse()) await end();
  };
  const killed: string[] = [];
  const expected = new Set<NodeProcess>();
  try {
    const redis = await startRedis({ config: redisConfig });
    closers.push(() => redis.close());

    const start = async (letter: string, name: string, redisUrl: string) => {
      const serves = letter !== "c";
      const options: LossNodeOptions = { name, redisUrl, seed, channels, serves, plant };
      const process = await startNode(here("./loss-node.js"), { args: [JSON.stringify(options)] });
      return { process, port: serves ? ((await process.call("port")) as number) : 0 };
    };
    const openPlace = async (letter: string): Promise<Place> => {
      const redisGate = await openGate(redis.port);
      closers.push(() => redisGate.close());
      const place = { letter, redisGate, name: letter, ...(await start(letter, letter, redisGate.url)) };
      closers.push(() => place.process.close());
      return place;
    };
    const places = await Promise.all(["a", "b", "c"].map(openPlace));

    const isUp = (place: Place): boolean => place.process.ended() === undefined;
    const targetOf = (group: number): number => {
      const [own, other] = group % 2 === 0 ? [places[0]!, places[1]!] : [places[1]!, places[0]!];
      return isUp(own) ? own.port : other.port;
    };
    const groups = Array.from({ length: GROUPS }, (_, group) => group);
    const clientGates = await Promise.all(groups.map((group) => openGate(() => targetOf(group))));
    for (const gate of clientGates) closers.push(() => gate.close());
    const urls = clientGates.map(({ port }) => `http://127.0.0.1:${port}`);
    const options: CrowdOptions = { ...crowdOptions, urls };
    const crowd = await startNode(here("./crowd.js"), { args: [JSON.stringify(options)] });
    closers.push(() => crowd.close());
    await Promise.all(groups.map((group) => crowd.call("home", group, places[group % 2]!.letter)));

    return {
      ...{ redis, places, crowd, clientGates, killed, close },
      async killNode(place) {
        killed.push(place.name);
        expected.add(place.process);
        await Promise.all(groups.map((group) => crowd.call("home", group)));
        await place.process.kill();
      },
      async restartNode(place) {
        const name = `${place.letter}${killed.length + 1}`;
        const started = await start(place.letter, name, place.redisGate.url);
        Object.assign(place, { name, ...started });
      },
      exits: () =>
        [...places.map(({ process }) => process), crowd]
          .filter((process) => process.ended() !== undefined && !expected.has(process))
          .map((process) => `ended with ${process.ended()}: ${process.errors().slice(-2_000)}`),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
