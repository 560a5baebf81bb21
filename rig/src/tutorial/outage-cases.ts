import { io as connect } from "socket.io-client";
import { startNode } from "../node-process.ts";
import type { NodeProcess } from "../node-process.ts";
import { until } from "../until.ts";
import { connectByHand } from "./by-hand.ts";
import { openOurs } from "./our-node.ts";
import type { Site } from "./site.ts";
import type { Outcome, TutorialCase } from "./tutorial-case.ts";

/** What kind of process is struck, and which Redis it uses. */
export interface VictimOptions {
  readonly kind: "no-listener" | "adapter" | "events" | "ours";
  readonly redisUrl: string;
}

/** More than this is no answer for somebody who waits; the deadline is 250 ms. */
const TOO_LONG_MS = 1_000;
const READS = 20;
/** The command timeout of node-redis is 5 s. */
const ADAPTER_WATCH_MS = 10_000;

/** A read while Redis is frozen. */
async function frozenByHand(site: Site): Promise<Outcome> {
  const client = await connectByHand(site);
  await client.set("k", "v");
  site.redis.freeze();
  const answered = client.get("k").then(
    () => true,
    () => true,
  );
  const isAnswered = await Promise.race([answered, pause(site.patienceMs).then(() => false)]);
  const told = isAnswered ? "get was answered" : `get was pending after ${site.patienceMs} ms`;
  return { isFailed: !isAnswered, told };
}

async function frozenOurs(site: Site): Promise<Outcome> {
  const { cache } = await openOurs(site);
  const read = (key: string): Promise<string> => cache.getOrSet(key, () => "v", { ttl: "5m" });
  await read("before");
  site.redis.freeze();
  const tookMs: number[] = [];
  for (let count = 0; count < READS; count++) {
    const beganMs = performance.now();
    await read(`k${count}`);
    tookMs.push(performance.now() - beganMs);
  }
  site.redis.thaw();
  const slowestMs = Math.max(...tookMs);
  return {
    isFailed: slowestMs > TOO_LONG_MS,
    told: `${READS} reads, the slowest ${slowestMs.toFixed(0)} ms, the last ${tookMs.at(-1)!.toFixed(1)} ms`,
  };
}

/** A process whose Redis is killed, watched for so long. */
async function killRedis(site: Site, kind: VictimOptions["kind"], watchMs: number): Promise<Outcome> {
  const node = await startVictim(site, kind);
  await site.redis.kill();
  return outlive(node, watchMs);
}

/** A process that gets `null` where a client should send an object. */
async function sendNull(site: Site, kind: VictimOptions["kind"]): Promise<Outcome> {
  const node = await startVictim(site, kind);
  const auth = { user: "asha", hostel: "aspen" };
  const socket = connect(String(await node.call("url")), { auth, transports: ["websocket"], forceNew: true });
  site.defer(() => socket.disconnect());
  if (kind === "events") {
    socket.emit("report", null);
    return outlive(node, site.patienceMs);
  }
  const channel = "hostel/aspen";
  const joined = (await socket.emitWithAck("join", { channel })) as { ok: boolean };
  if (!joined.ok) throw new Error(`the join was refused: ${JSON.stringify(joined)}`);
  const answers = [
    await socket.emitWithAck("send", { channel, name: "report", data: null }),
    await socket.emitWithAck("send", null),
  ] as { code?: string }[];
  const { isFailed, told } = await outlive(node, 0);
  return { isFailed, told: `${told}; it answered ${answers.map(({ code }) => code).join(", ")}` };
}

async function startVictim(site: Site, kind: VictimOptions["kind"]): Promise<NodeProcess> {
  const options: VictimOptions = { kind, redisUrl: site.redis.url };
  // Each process that was started listens, and cases run side by side: that is no leak.
  process.setMaxListeners(Math.max(process.getMaxListeners(), process.listenerCount("exit") + 2));
  const node = await startNode(new URL("victim-node.js", builtFolder()), { args: [JSON.stringify(options)] });
  site.defer(() => node.close());
  return node;
}

/** The built modules, also when this one is run from its source. */
function builtFolder(): URL {
  return new URL(import.meta.url.includes("/src/") ? "../../dist/tutorial/" : "./", import.meta.url);
}

async function outlive(node: NodeProcess, watchMs: number): Promise<Outcome> {
  const beganMs = performance.now();
  const isOver = (): boolean => node.ended() !== undefined || performance.now() - beganMs > watchMs;
  await until(isOver, { what: "the process has been watched", withinMs: watchMs + 5_000 });
  const took = `${(performance.now() - beganMs).toFixed(0)} ms`;
  const ended = node.ended();
  if (ended !== undefined) {
    return {
      isFailed: true,
      told: `the process ended with ${ended} after ${took}: ${causeOf(node.errors())}`,
    };
  }
  await node.call("url");
  return { isFailed: false, told: `the process lives and answers after ${took}` };
}

/** What Node said when it ended the process. */
function causeOf(errors: string): string {
  return /^\w*Error\b.*$/m.exec(errors)?.[0].trim() ?? "it did not say why";
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What becomes of calls and processes. */
export const OUTAGE_CASES: readonly TutorialCase[] = [
  {
    name: "frozen",
    fault: "a read waits without end while Redis is frozen",
    guarantee: "G9",
    byHand: frozenByHand,
    ours: frozenOurs,
  },
  {
    name: "null-event",
    fault: "one event with null in it ends the process",
    guarantee: "Sockets",
    byHand: (site) => sendNull(site, "events"),
    ours: (site) => sendNull(site, "ours"),
  },
  {
    name: "no-listener",
    fault: "the process ends when Redis is killed, for want of a listener of errors",
    guarantee: "G9",
    byHand: (site) => killRedis(site, "no-listener", site.patienceMs),
    ours: (site) => killRedis(site, "ours", site.patienceMs),
  },
  {
    name: "adapter",
    fault: "the process ends when Redis is killed, with every listener attached",
    guarantee: "G9",
    isLong: true,
    byHand: (site) => killRedis(site, "adapter", ADAPTER_WATCH_MS),
    ours: (site) => killRedis(site, "ours", ADAPTER_WATCH_MS),
  },
];
