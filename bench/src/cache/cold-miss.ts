import { runContest } from "../measure/contest.ts";
import { openEntrants } from "./entrants.ts";
import type { Wanted } from "./entrants.ts";
import type { Question } from "./question.ts";

const FLOOR = "raw GET, then SET";
const IN_CASE = "1 KB, 1 at a time";
const ALL: readonly Wanted[] = [
  { name: "raw GET", label: FLOOR },
  { name: "livecache" },
  { name: "bentocache" },
  { name: "cacheable" },
  { name: "cache-manager" },
  { name: "async-cache-dedupe", tier: "far" },
  { name: "layered-loader" },
];

/** The first read of a key: looked for everywhere, loaded, stored. */
export const coldMiss: Question = {
  name: "cold-miss",
  question: "What does a cache add to a load that it has to make?",
  isLong: true,
  async run({ quick, random }) {
    const count = quick ? 200 : 1_000;
    const common = {
      tier: "both",
      tags: ["a", "b"],
      entries: 20_000,
      valueBytes: 1_024,
      inCase: IN_CASE,
    } as const;
    const entrants = await openEntrants(ALL, { ...common, withinMs: 60_000 });
    const answer = await runContest(
      {
        case: IN_CASE,
        measures: { p50: { unit: "µs", better: "less" }, p99: { unit: "µs", better: "less" } },
        floor: FLOOR,
        rounds: quick ? 3 : 7,
        entrants: entrants.entered.map(({ name, nodes }) => {
          let from = 0;
          const next = (): number => (from += count) - count;
          return {
            name,
            round: async () => ({ ...(await nodes[0].call("misses", { from: next(), count })) }),
          };
        }),
      },
      random,
    );
    await entrants.close();
    return {
      figures: answer.figures,
      failures: [...entrants.failures, ...answer.failures],
      notes: [
        "The origin answers at once, so all that is measured is what the cache does around it: look, ask for the right to load where there is one, and store. Entries have two tags where there are tags.",
      ],
    };
  },
};
