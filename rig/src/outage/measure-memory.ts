import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createLive } from "livecache";
import type { Live } from "livecache";
import { openRedis } from "livecache/redis";
import { seededRandom } from "../random.ts";
import type { SeededRandom } from "../random.ts";
import { startRedis } from "../redis-process.ts";
import { until } from "../until.ts";

/** How long Redis is away, and what the node does meanwhile. */
export interface MemoryOptions {
  readonly seconds: number;
  /** Changes a second, each of two tags; as many reads go on beside. */
  readonly rate: number;
  readonly seed: number;
}

/** What a node took at one moment, after everything that could be thrown away was. */
interface Taken {
  readonly atSeconds: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}

/** What came of it. */
export interface MemoryFigures {
  readonly seconds: number;
  readonly changes: number;
  readonly perSecond: number;
  /** How much more the heap, and the process, held at most while Redis was away than before. */
  readonly heapGrowthBytes: number;
  readonly rssGrowthBytes: number;
  /** By how much the peaks of the heap still grew from the first half to the second, and what that would come to in ten minutes in all. */
  readonly slopeBytesPerMinute: number;
  readonly tenMinutesBytes: number;
  readonly backMs: number;
  /** Whether the other node answered nothing from before the outage once the first one was back. */
  readonly isFresh: boolean;
  readonly samples: readonly Taken[];
}

const SECRET = "0123456789abcdef0123456789abcdef";
const TURN_MS = 10;
const SAMPLE_EVERY_MS = 1_000;
const IDS = 100_000;
const KEYS = 20_000;
const VALUE = "x".repeat(500);

/** Frees what can be freed, so that only what is held is counted. */
function createCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** Measures what a node holds while Redis is away for some time. */
export async function measureMemory(options: MemoryOptions): Promise<MemoryFigures> {
  const { seconds, rate, seed } = options;
  const redis = await startRedis();
  const collect = createCollector();
  const logger = { warn: () => undefined };
  const live = createLive({ ground: await openRedis(redis.url), secret: SECRET, logger }) as Live;
  const other = createLive({ ground: await openRedis(redis.url), secret: SECRET, logger }) as Live;
  const random = seededRandom(seed);
  const samples: Taken[] = [];
  const take = (atSeconds: number): Taken => {
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    const taken = { atSeconds, heapBytes: heapUsed + external, rssBytes: rss };
    samples.push(taken);
    return taken;
  };
  try {
    // As long as it takes until the same load does not make the node larger any more while all is well.
    await work(live, { rate, random, forMs: 10_000, onSample: () => undefined });
    const before = take(0);
    await redis.kill();
    await until(() => live.status().state === "away", { what: "it is noticed", withinMs: 5_000 });
    const beganAtMs = performance.now();
    const changes = await work(live, {
      ...{ rate, random, forMs: seconds * 1_000 },
      onSample: () => void take((performance.now() - beganAtMs) / 1_000),
    });
    const took = (performance.now() - beganAtMs) / 1_000;
    take(took);
    return {
      ...{ seconds: took, changes, perSecond: changes / took },
      ...growthOf(before, samples),
      ...(await comeBack(redis, live, other)),
      samples,
    };
  } finally {
    await Promise.all([live.close(), other.close()]);
    await redis.close();
  }
}

interface Work {
  readonly rate: number;
  readonly random: SeededRandom;
  readonly forMs: number;
  readonly onSample: () => void;
}

/** Changes and reads, evenly; answers how many changes were made. */
async function work(live: Live, { rate, random, forMs, onSample }: Work): Promise<number> {
  const beganAtMs = performance.now();
  let sampledAtMs = beganAtMs;
  let made = 0;
  for (let nowMs = beganAtMs; nowMs < beganAtMs + forMs; nowMs = performance.now()) {
    const due = Math.min(Math.floor(((nowMs - beganAtMs) * rate) / 1_000) - made, rate);
    await Promise.all(Array.from({ length: due }, () => step(live, random)));
    made += due;
    if (nowMs - sampledAtMs >= SAMPLE_EVERY_MS) {
      sampledAtMs = nowMs;
      onSample();
    }
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
  }
  return made;
}

async function step(live: Live, random: SeededRandom): Promise<void> {
  const id = random.integer(IDS);
  const key = `entry:${random.integer(KEYS)}`;
  await Promise.all([
    live.change({ tags: [`issue:${id}`, `hostel:${id % 1_000}`] }),
    live.cache.getOrSet(key, () => VALUE, { ttl: "5m", tags: [`issue:${id}`] }),
  ]);
}

function growthOf(before: Taken, samples: readonly Taken[]) {
  const away = samples.slice(1);
  const most = (of: (taken: Taken) => number) => Math.max(...away.map(of)) - of(before);
  // What waits is thrown away when it is too much, and grows again: peaks are compared, not moments.
  const middle = Math.floor(away.length / 2);
  const peak = (some: readonly Taken[]) => Math.max(...some.map(({ heapBytes }) => heapBytes));
  const last = away.at(-1)!;
  const minutes = last.atSeconds / 120;
  const slope = (peak(away.slice(middle)) - peak(away.slice(0, middle))) / minutes;
  const heapGrowthBytes = most(({ heapBytes }) => heapBytes);
  return {
    heapGrowthBytes,
    rssGrowthBytes: most(({ rssBytes }) => rssBytes),
    slopeBytesPerMinute: Math.round(slope),
    tenMinutesBytes: Math.round(heapGrowthBytes + Math.max(0, slope) * (10 - last.atSeconds / 60)),
  };
}

async function comeBack(redis: Awaited<ReturnType<typeof startRedis>>, live: Live, other: Live) {
  let value = "before";
  const read = () => other.cache.getOrSet("watched", () => value, { ttl: "5m", tags: ["watched"] });
  await read();
  value = "after";
  await live.change({ tags: ["watched"] });
  const beganAtMs = performance.now();
  await redis.restart();
  const isBack = () => live.status().state === "here" && other.status().state === "here";
  await until(isBack, { what: "both are back", withinMs: 10_000 });
  const backMs = Math.round(performance.now() - beganAtMs);
  await until(async () => (await read()) === "after", { what: "nothing is stale", withinMs: 10_000 });
  return { backMs, isFresh: (await read()) === "after" };
}
