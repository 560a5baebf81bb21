import { freePort } from "../free-port.ts";
import { startNode } from "../node-process.ts";
import type { NodeProcess } from "../node-process.ts";
import type { FaultsNodeOptions, NodeReport } from "./faults-node.ts";
import { openGround } from "./grounds.ts";
import type { GroundName, RigGround } from "./grounds.ts";
import { openOrigin } from "./origin.ts";
import type { Origin } from "./origin.ts";
import type { Plant } from "./plants.ts";
import { openGates } from "./several-gates.ts";
import type { SeveralGates } from "./several-gates.ts";

/** One node: the process that runs now, always on the same port, and what stands between it and Redis. */
export interface Place {
  readonly letter: string;
  readonly port: number;
  readonly gate: SeveralGates;
  /** Of the process that runs now: `a`, then `a2`, and so on. */
  name: string;
  process: NodeProcess;
  /** The process itself is struck: killed, stopped or blocked. */
  isStruck: boolean;
}

/** Everything of a run that lives. */
export interface Site extends Pick<RigGround, "single" | "sentinels" | "cluster" | "servers"> {
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
  readonly ground: GroundName;
  /** A bug of the second node. */
  readonly plant?: Plant | undefined;
}

/** Opens a ground, an origin, and nodes behind gates. */
export async function openSite({ seed, nodes, ground: kind, plant }: SiteOptions): Promise<Site> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  const expected = new Set<NodeProcess>();
  const past: NodeReport[] = [];
  let started = 0;

  try {
    const ground = await openGround(kind);
    closers.push(() => ground.close());
    const origin = await openOrigin(seed);
    closers.push(() => origin.close());

    const start = (place: Pick<Place, "letter" | "port" | "gate">, as: string): Promise<NodeProcess> => {
      const { letter, port, gate } = place;
      const its: FaultsNodeOptions = {
        ...{ name: as, port, redis: ground.addressOf(gate.portOf), originUrl: origin.url },
        plant: letter === "b" ? plant : undefined,
      };
      return startNode(new URL("./faults-node.js", import.meta.url), { args: [JSON.stringify(its)] });
    };
    const openPlace = async (index: number): Promise<Place> => {
      const letter = String.fromCharCode("a".charCodeAt(0) + index);
      const gate = await openGates(ground.servers.map(({ port }) => port));
      closers.push(() => gate.close());
      const fixed = { letter, gate, port: await freePort() };
      const place = { ...fixed, name: letter, process: await start(fixed, letter), isStruck: false };
      closers.push(() => place.process.close());
      return place;
    };
    const places: Place[] = [];
    for (let index = 0; index < nodes; index++) places.push(await openPlace(index));

    return {
      ...ground,
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
