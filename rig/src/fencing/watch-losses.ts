import { randomBytes } from "node:crypto";
import { openRedis } from "livecache/redis";
import { until } from "../until.ts";
import type { Loss, LossSite } from "./losses.ts";

type Ground = Awaited<ReturnType<typeof openRedis>>;
type Position = Awaited<ReturnType<ReturnType<Ground["realm"]>["changeLog"]["position"]>>;

/** What was seen of one kind of loss. */
export interface LossFigures {
  readonly runs: number;
  /** How often both nodes noticed it, or, of what loses nothing, believed that it had. */
  readonly noticed: number;
  /** How often within a second of Redis being back. */
  readonly withinSecond: number;
  /** The longest that took, and the one in the middle. */
  readonly worstMs: number;
  readonly medianMs: number;
  /** Answers of an entry as valid after the change that voided it, which was lost. */
  readonly stale: number;
  /** Sequences that were handed out twice, or that went back. */
  readonly reissued: number;
}

const PATIENCE_MS = 10_000;
/** Two heartbeats, and some. */
const CALM_MS = 1_300;

/** One node: a ground, and a tail that notes in which epochs it was told to start. */
interface Node {
  readonly ground: Ground;
  readonly stores: ReturnType<Ground["realm"]>;
  readonly starts: Position[];
  heardAtMs: number;
}

/** Loses data `runs` times, and watches how two nodes take it. In every second run, who wrote what is lost dies with it. */
export async function watchLosses(
  loss: Loss,
  runs: number,
  log: (line: string) => void,
): Promise<LossFigures> {
  const site = await loss.open();
  const seen: RunSeen[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      // New nodes each time: those whose connections keep breaking take longer and longer to come back.
      const nodes = [await openNode(site, "a"), await openNode(site, "b")];
      seen.push(await watchOnce({ site, nodes, loss, isWriterMortal: run % 2 === 1 }));
      await Promise.all(nodes.map(({ ground }) => ground.close()));
      await site.recover();
      const { tookMs, stale } = seen.at(-1)!;
      log(
        `run ${run + 1}: ${tookMs === undefined ? "not noticed" : `noticed after ${tookMs.toFixed(0)} ms`}, ${stale} stale`,
      );
    }
  } finally {
    await site.close();
  }
  return figuresOf(seen);
}

interface RunSeen {
  readonly tookMs: number | undefined;
  readonly stale: number;
  readonly isReissued: boolean;
}

interface Run {
  readonly site: LossSite;
  readonly nodes: readonly Node[];
  readonly loss: Loss;
  readonly isWriterMortal: boolean;
}

async function watchOnce({ site, nodes, loss, isWriterMortal }: Run): Promise<RunSeen> {
  const [first] = nodes;
  const writer = isWriterMortal ? await openRedis(site.address) : first!.ground;
  const [key, tag] = [word(), word()];
  await until(() => store(first!, key, [key, tag]), { what: "an entry is stored", withinMs: PATIENCE_MS });
  await site.begin();
  const lost = await writer.realm("main").changeLog.append({
    ...{ changeId: word(), origin: "rig", tags: [tag], mode: "purge", events: [] },
  });
  if (isWriterMortal) await writer.close();
  const starts = nodes.map((node) => node.starts.length);
  const reader = readAlways(nodes, key);
  await site.lose();
  const backAtMs = performance.now();
  const hasStarted = (node: Node, at: number): boolean =>
    node.starts.slice(starts[at]).some(({ epoch }) => epoch !== lost.epoch);
  const haveNoticed = (): boolean => nodes.every(hasStarted);
  const tookMs = loss.isLoss
    ? await until(haveNoticed, { what: "noticed", withinMs: PATIENCE_MS }).then(
        () => performance.now() - backAtMs,
        () => undefined,
      )
    : await falseAlarm(nodes, haveNoticed);
  const after = await until(() => first!.stores.changeLog.position(), {
    what: "Redis answers",
    withinMs: PATIENCE_MS,
  });
  const stale = await reader.stop();
  return { tookMs, stale, isReissued: after.seq < lost.seq };
}

/** Waits until nothing more is to be expected; answers 0 when there was an alarm. */
async function falseAlarm(nodes: readonly Node[], isAlarm: () => boolean): Promise<number | undefined> {
  const calmAtMs = performance.now() + CALM_MS;
  const haveHeard = (): boolean => nodes.every(({ heardAtMs }) => heardAtMs > calmAtMs);
  await until(haveHeard, { what: "both nodes hear again", withinMs: PATIENCE_MS });
  return isAlarm() ? 0 : undefined;
}

async function openNode(site: LossSite, name: string): Promise<Node> {
  const ground = await openRedis(site.address);
  const stores = ground.realm("main");
  const node: Node = { ground, stores, starts: [], heardAtMs: 0 };
  stores.changeLog.tail({
    node: name,
    onEvent(event) {
      if (event.type === "start") node.starts.push(event.position);
      if (event.type === "heard") node.heardAtMs = performance.now();
    },
  });
  await until(() => node.heardAtMs > 0, { what: "the tail hears", withinMs: PATIENCE_MS });
  return node;
}

async function store({ stores }: Node, key: string, tags: readonly string[]): Promise<boolean> {
  const position = await stores.changeLog.position();
  const value = Buffer.from("value");
  const input = { key, position, tags, value, ttlMs: 600_000, keepMs: 600_000 };
  return (await stores.cacheStore.commit(input)).state === "stored";
}

/** Reads an entry on all nodes again and again; says in the end how often it was answered as valid. */
function readAlways(nodes: readonly Node[], key: string): { stop(): Promise<number> } {
  const over = new AbortController();
  const read = async ({ stores }: Node): Promise<number> => {
    let valid = 0;
    while (!over.signal.aborted) {
      const replies = await stores.cacheStore.read([key]).catch(() => []);
      if (replies[0]?.state === "valid") valid++;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return valid;
  };
  const reading = Promise.all(nodes.map(read));
  return {
    async stop() {
      over.abort();
      return (await reading).reduce((sum, valid) => sum + valid, 0);
    },
  };
}

function figuresOf(seen: readonly RunSeen[]): LossFigures {
  const times = seen.flatMap(({ tookMs }) => tookMs ?? []).sort((one, other) => one - other);
  return {
    runs: seen.length,
    noticed: times.length,
    withinSecond: times.filter((ms) => ms <= 1_000).length,
    worstMs: Math.round(times.at(-1) ?? 0),
    medianMs: Math.round(times[times.length >> 1] ?? 0),
    stale: seen.reduce((sum, { stale }) => sum + stale, 0),
    reissued: seen.filter(({ isReissued }) => isReissued).length,
  };
}

function word(): string {
  return randomBytes(8).toString("hex");
}
