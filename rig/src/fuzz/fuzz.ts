import { startNode } from "../node-process.ts";
import type { NodeProcess } from "../node-process.ts";
import { seededRandom } from "../random.ts";
import type { SeededRandom } from "../random.ts";
import { openRaw } from "../raw-client.ts";
import type { RawClient } from "../raw-client.ts";
import { until } from "../until.ts";
import { oddAuth, oddHeaders, oddRequest } from "./handshakes.ts";
import { throwFrame, throwPacket } from "./packets.ts";

/** How much to throw, and by which seed. */
export interface FuzzPlan {
  readonly packets: number;
  readonly seed: number;
}

/** What became of a server that strange packets were thrown at. */
export interface FuzzFigures {
  readonly packets: number;
  readonly connections: number;
  /** Times that the server process ended. */
  readonly exits: number;
  /** Promises that nobody caught, by their reasons. */
  readonly rejections: readonly string[];
  /** Whether `Object.prototype` or another of its kind is not what it was. */
  readonly isPolluted: boolean;
  /** Connections that stayed open and did not answer a good frame within 20 s. */
  readonly silent: number;
  /** Good frames that were answered between the others. */
  readonly answered: number;
  readonly memoryMiB: number;
  /** What the server logged, and how often. */
  readonly warnings: Readonly<Record<string, number>>;
  /** What a process that ended had said. */
  readonly lastWords: string;
}

/** Connections at a time, and packets between two looks at whether the server still answers. */
const AT_ONCE = 16;
const PER_ROUND = 25;
const ROUNDS = 8;
const ANSWER_WITHIN_MS = 20_000;

interface Counts {
  packets: number;
  connections: number;
  silent: number;
  answered: number;
}

/**
 * Throws seeded packets at a server of its own: frames with arguments of any kind, broken packets of each layer, and handshakes.
 * Each of the connections that are open at a time follows a row of its own, the same for the same seed. Resolves when all are thrown or the server has ended.
 */
export async function fuzz({ packets, seed }: FuzzPlan): Promise<FuzzFigures> {
  const node = await startNode(new URL("fuzz-node.js", fuzzFolder()));
  const counts: Counts = { packets: 0, connections: 0, silent: 0, answered: 0 };
  try {
    const url = `http://127.0.0.1:${String(await node.call("port"))}`;
    const frames = (await node.call("frames")) as string[];
    const thrower = async (lane: number): Promise<void> => {
      const random = seededRandom(seed * 1_000 + lane);
      while (counts.packets < packets && node.ended() === undefined) {
        await oneConnection({ url, random, frames, counts, packets });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => thrower(lane)));
    return await conclude(node, counts);
  } finally {
    await node.close();
  }
}

/** The built module, also when this one is run from its source. */
function fuzzFolder(): URL {
  return new URL(import.meta.url.includes("/src/") ? "../../dist/fuzz/" : "./", import.meta.url);
}

interface Connecting {
  readonly url: string;
  readonly random: SeededRandom;
  readonly frames: readonly string[];
  readonly counts: Counts;
  readonly packets: number;
}

async function oneConnection({ url, random, frames, counts, packets }: Connecting): Promise<void> {
  if (random.next() < 0.1) {
    counts.packets++;
    return oddRequest(url, random);
  }
  const client = await openRaw(url, oddHeaders(random, url)).catch(() => undefined);
  counts.connections++;
  if (!client || !("texts" in client)) return;
  const isPolite = random.next() < 0.9;
  if (isPolite) await introduce(client, oddAuth(random));
  // Most of what is wild ends the connection, so others throw frames only and get far.
  const throwOne = random.next() < 0.5 ? throwFrame : throwPacket;
  for (let round = 0; round < ROUNDS && client.isOpen() && counts.packets < packets; round++) {
    for (let number = 0; number < PER_ROUND && client.isOpen(); number++) {
      counts.packets += throwOne(client, random, frames);
      if (number % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    if (!(await isAnswering(client, counts))) break;
  }
  client.destroy();
}

async function introduce(client: RawClient, auth: string): Promise<void> {
  client.send(`40${auth}`);
  await waitFor(client, () => client.texts.some((text) => text.startsWith("4")));
}

/** Whether a good frame is answered now. A connection that was ended meanwhile is none, and no failure. */
async function isAnswering(client: RawClient, counts: Counts): Promise<boolean> {
  const id = String(900_000_000 + counts.answered);
  const isAnswered = (): boolean => client.texts.some((text) => text.startsWith(`43${id}[`));
  client.texts.length = 0;
  client.send(`42${id}["leave",{"channel":"elsewhere"}]`);
  await waitFor(client, isAnswered);
  if (isAnswered()) counts.answered++;
  else if (client.isOpen()) counts.silent++;
  return isAnswered();
}

async function waitFor(client: RawClient, condition: () => boolean): Promise<void> {
  const gone = (): boolean => !client.isOpen() || condition();
  await until(gone, { withinMs: ANSWER_WITHIN_MS, what: "an answer" }).catch(() => undefined);
}

interface NodeFigures extends Pick<FuzzFigures, "rejections" | "warnings" | "isPolluted" | "memoryMiB"> {
  readonly sockets: number;
}

async function conclude(node: NodeProcess, counts: Counts): Promise<FuzzFigures> {
  const gone = { rejections: [], warnings: {}, isPolluted: false, memoryMiB: 0, sockets: 0 };
  const told = (await node.call("figures").catch(() => gone)) as NodeFigures;
  const exits = node.ended() === undefined ? 0 : 1;
  const { rejections, warnings, isPolluted, memoryMiB } = told;
  return {
    ...counts,
    exits,
    rejections,
    isPolluted,
    memoryMiB,
    warnings,
    lastWords: node.errors().slice(-2_000),
  };
}
