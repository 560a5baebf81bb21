import type { Question, RunSetting } from "../../cache/question.ts";
import { runContest } from "../../measure/contest.ts";
import type { Answer } from "../../measure/figure.ts";
import { redisUsage, together } from "../../realtime/trial.ts";
import type { LimiterName } from "../limits/roster.ts";
import { openSites } from "../site.ts";
import type { Site } from "../site.ts";

const FLOOR: LimiterName = "raw INCR";
const QUICK: readonly LimiterName[] = [FLOOR, "livecache", "rate-limiter-flexible"];
const ALL: readonly LimiterName[] = [...QUICK, "livecache (GCRA)", "rate-limiter-flexible on node-redis"];
const MEASURES = {
  p50: { unit: "µs", better: "less" },
  p99: { unit: "µs", better: "less" },
  perSecond: { unit: "op/s", better: "more" },
  redisUs: { unit: "µs of Redis CPU per take", better: "less" },
} as const;

/** One way of taking. */
interface Case {
  readonly name: string;
  readonly limit: number;
  readonly subjects: number;
  readonly concurrency: number;
  readonly allowed: boolean;
}

/** So much is never taken. */
const AMPLE = 1_000_000;
const CASES: readonly Case[] = [
  { name: "allowed, one at a time", limit: AMPLE, subjects: 1_000, concurrency: 1, allowed: true },
  { name: "allowed, 64 at a time", limit: AMPLE, subjects: 1_000, concurrency: 64, allowed: true },
  { name: "refused, 64 at a time", limit: 1, subjects: 100, concurrency: 64, allowed: false },
];

async function round(site: Site<"limits">, { subjects, concurrency, allowed }: Case, ms: number) {
  const [node] = site.nodes;
  const before = await redisUsage(site);
  const { p50, p99, perSecond, done } = await node.takes({ subjects, concurrency, allowed, ms });
  const redisUs = ((await redisUsage(site)).cpuUs - before.cpuUs) / done;
  return { p50, p99, perSecond, redisUs };
}

async function runCase(
  one: Case,
  names: readonly LimiterName[],
  { quick, random }: RunSetting,
): Promise<Omit<Answer, "notes">> {
  const { limit, subjects, allowed, name } = one;
  const sites = await openSites(names, {
    area: "limits",
    inCase: name,
    async prepare({ nodes: [node] }) {
      await node.limit({ limit, windowS: 3_600 });
      // What is to be refused is taken first.
      for (let index = 0; index < (allowed ? 0 : subjects); index++) {
        await node.allowed(`user-${index}`, limit);
      }
    },
  });
  const ms = quick ? 150 : 1_000;
  const answer = await runContest(
    {
      case: name,
      measures: MEASURES,
      floor: FLOOR,
      rounds: quick ? 2 : 5,
      entrants: sites.open.map((site) => ({ name: site.name, round: () => round(site, one, ms) })),
    },
    random,
  );
  await sites.close();
  return { figures: answer.figures, failures: [...sites.failures, ...answer.failures] };
}

/** What a take costs. */
export const limit: Question = {
  name: "limit",
  question: "What does a rate limit cost, one take at a time and 64 at a time?",
  async run(setting) {
    const answers = [];
    for (const one of CASES) answers.push(await runCase(one, setting.quick ? QUICK : ALL, setting));
    return together(answers, [
      "One process takes of subjects in turn, within windows of an hour. **livecache** is `live.limits.take` with a sliding window, which forgets step by step; **rate-limiter-flexible** has a fixed window, which begins anew all at once, so that twice the limit goes through around its end. It runs on ioredis, and as another row on node-redis. The floor is INCR, and EXPIRE for the first. Redis CPU has the kernel's share in it.",
    ]);
  },
};
