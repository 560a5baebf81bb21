import { createClient } from "redis";
import { runContest } from "../measure/contest.ts";
import { median } from "../measure/statistics.ts";
import { originKeys } from "../node/origin.ts";
import { openEntrants } from "./entrants.ts";
import type { Entered, Wanted } from "./entrants.ts";
import type { Question } from "./question.ts";

const CALLERS = 1_000;
const PROCESSES = 3;
const LOAD_MS = 20;
/** Stampedes in one round. */
const RUNS = 5;

const QUICK: readonly Wanted[] = [{ name: "livecache" }, { name: "bentocache" }, { name: "layered-loader" }];
const ALL: readonly Wanted[] = [
  ...QUICK,
  { name: "cacheable" },
  { name: "cache-manager" },
  { name: "async-cache-dedupe", tier: "far" },
  { name: "tutorial" },
];

/** Lets all processes ask for a key that nobody has read, and tells how often the origin was asked. */
async function stampede({ nodes, redis }: Entered, key: string): Promise<{ calls: number; ms: number }> {
  const bursts = await Promise.all(nodes.map((node) => node.call("burst", { key, callers: CALLERS })));
  const client = await createClient({ url: redis.url }).connect();
  const calls = Number(await client.get(originKeys(key).loads));
  client.destroy();
  return { calls, ms: Math.max(...bursts.map(({ ms }) => ms)) };
}

/** Many callers in several processes miss one key in one moment. */
export const stampedes: Question = {
  name: "stampede",
  question: "How often is the origin asked when 1,000 callers in each of 3 processes miss one key?",
  async run({ quick, random }) {
    const inCase = `${CALLERS} callers × ${PROCESSES} processes`;
    const common = { tier: "both", tags: ["stampede"], entries: 1_000, valueBytes: 1_024, inCase } as const;
    const entrants = await openEntrants(quick ? QUICK : ALL, {
      ...common,
      loadMs: LOAD_MS,
      processes: PROCESSES,
      withinMs: 20_000,
    });
    let run = 0;
    async function round(one: Entered): Promise<Record<string, number>> {
      const runs = [];
      for (let i = 0; i < RUNS; i++) runs.push(await stampede(one, `stampede:${++run}`));
      const exact = runs.filter(({ calls }) => calls === 1).length;
      return {
        exact: (exact / RUNS) * 100,
        calls: median(runs.map(({ calls }) => calls)),
        ms: median(runs.map(({ ms }) => ms)),
      };
    }
    const answer = await runContest(
      {
        case: inCase,
        measures: {
          exact: { unit: "% of runs with exactly 1 call", better: "more" },
          calls: { unit: "origin calls", better: "less" },
          ms: { unit: "ms until the last caller had it", better: "less" },
        },
        floor: { name: "one call", numbers: { exact: 100, calls: 1, ms: LOAD_MS } },
        rounds: quick ? 2 : 20,
        ...(quick ? { budgetMs: 3_000 } : {}),
        warmUps: 0,
        entrants: entrants.entered.map((one) => ({ name: one.name, round: () => round(one) })),
      },
      random,
    );
    await entrants.close();
    return {
      figures: answer.figures,
      failures: [...entrants.failures, ...answer.failures],
      notes: [
        `A load takes ${LOAD_MS} ms and is counted in Redis over a connection of its own. ${RUNS} stampedes are one round, ${quick ? 10 : 100} in all for each contestant. The low end of the spread of "exactly 1 call" is the worst round.`,
        "Entries have a tag. cacheable's getOrSet takes none, and its tagged read, written with get and set, protects against no stampede; without tags its getOrSet lets one caller of each process load.",
      ],
    };
  },
};
