import { runContest } from "../measure/contest.ts";
import type { Answer } from "../measure/figure.ts";
import { openEntrants, prepared } from "./entrants.ts";
import type { Entered, Entrants, Wanted } from "./entrants.ts";
import type { Question, RunSetting } from "./question.ts";

const FLOOR = "raw GET";
const QUICK: readonly Wanted[] = [
  { name: FLOOR },
  { name: "raw MGET" },
  { name: "livecache" },
  { name: "async-cache-dedupe" },
  { name: "layered-loader" },
];
const ALL: readonly Wanted[] = [
  ...QUICK,
  { name: "livecache fresh" },
  { name: "raw GETs pipelined" },
  { name: "raw MGET, parsed" },
  { name: "tutorial" },
  { name: "bentocache" },
  { name: "cacheable" },
  { name: "cache-manager" },
];

const MEASURES = {
  perSecond: { unit: "op/s", better: "more" },
  p50: { unit: "µs", better: "less" },
  p99: { unit: "µs", better: "less" },
} as const;

/** Bytes that a Redis has sent to its clients so far. */
async function sentBytes({ redis }: Entered): Promise<number> {
  return Number(/total_net_output_bytes:(\d+)/.exec(await redis.command("INFO stats"))?.[1]);
}

/** One round, void when Redis sent less than the values that were read: something nearer answered them. */
async function round(
  one: Entered,
  plan: { keys: number; ms: number; concurrency: number },
  valueBytes: number,
) {
  const before = await sentBytes(one);
  const { perSecond, p50, p99 } = await one.nodes[0].call("latencies", plan);
  const expected = ((perSecond * plan.ms) / 1_000) * valueBytes * 0.8;
  const sent = (await sentBytes(one)) - before;
  if (sent < expected)
    throw new Error(`void: Redis sent ${sent} bytes where the values read take ${Math.round(expected)}`);
  return { perSecond, p50, p99 };
}

async function runSize(
  valueBytes: number,
  entrants: Entrants,
  { quick, random }: RunSetting,
): Promise<Omit<Answer, "notes">> {
  const size = `${Math.round(valueBytes / 1_024)} KB`;
  const { ready, failures } = await prepared(
    entrants.entered,
    size,
    async ({ nodes: [node], redis, setting }) => {
      // Emptied while nobody is connected: to Livecache, data that disappears is an event of its own.
      await node.call("close");
      await redis.command("FLUSHALL");
      await node.call("open", { ...setting, valueBytes });
      await node.call("fill", 0, setting.entries);
    },
  );
  const answers: Omit<Answer, "notes">[] = [{ figures: [], failures }];
  for (const concurrency of quick && valueBytes > 1_024 ? [64] : [1, 64]) {
    const contest = {
      case: `${size}, ${concurrency} at a time`,
      measures: MEASURES,
      floor: FLOOR,
      rounds: quick ? 3 : 5,
      ...(quick ? { budgetMs: 1_800 } : {}),
      entrants: ready.map((one) => {
        const plan = { keys: one.setting.entries, ms: quick ? 60 : 400, concurrency };
        return { name: one.name, round: () => round(one, plan, valueBytes) };
      }),
    };
    answers.push(await runContest(contest, random));
  }
  return {
    figures: answers.flatMap(({ figures }) => figures),
    failures: answers.flatMap((answer) => answer.failures),
  };
}

/** Reads that Redis answers, because the process's own memory holds nothing. */
export const l2Hit: Question = {
  name: "l2-hit",
  question: "What does a hit in Redis cost, one at a time and 64 at a time?",
  async run(setting) {
    const entries = setting.quick ? 2_000 : 10_000;
    const common = {
      tier: "far",
      tags: [],
      entries,
      valueBytes: 1_024,
      inCase: "all",
      withinMs: 120_000,
    } as const;
    const entrants = await openEntrants(setting.quick ? QUICK : ALL, common);
    const small = await runSize(1_024, entrants, setting);
    const large = await runSize(5_120, entrants, setting);
    await entrants.close();
    return {
      figures: [...small.figures, ...large.figures],
      failures: [...entrants.failures, ...small.failures, ...large.failures],
      notes: [
        'Nobody uses the process\'s memory: peers are opened with Redis only, Livecache with a memory of 1 KiB, which no entry fits in. livecache fresh has its memory, and every read has Redis confirm what it holds (consistency: "fresh"). A round is void when Redis sent fewer bytes than the values read take.',
        "raw GET is node-redis answering a string; every cache parses its value and checks whether it is still valid. raw MGET and raw GETs pipelined put all reads of one turn of the event loop into one command, or one pipeline; raw MGET, parsed then makes objects of the values, which is the least that a cache of objects has to do.",
      ],
    };
  },
};
