import { runContest } from "../measure/contest.ts";
import { percentile } from "../measure/statistics.ts";
import { openEntrants } from "./entrants.ts";
import type { Entered, Wanted } from "./entrants.ts";
import type { Question } from "./question.ts";

const TAG = "watched";
/** Longest that a change is waited for: whoever is not told of changes answers the old value until its TTL. */
const PATIENCE_MS = 1_500;

/** Whoever misses more changes than this in one round is not told of changes at all. */
const MOST_STAYED = 5;
const FLOOR = "raw publish";
const QUICK: readonly Wanted[] = [
  { name: FLOOR },
  { name: "livecache" },
  { name: "bentocache" },
  { name: "layered-loader" },
];
const ALL: readonly Wanted[] = [...QUICK, { name: "cacheable" }, { name: "cache-manager" }];
/** Those that have tags are told to void the tag, the others the key. */
const WITH_TAGS: readonly string[] = ["livecache", "bentocache"];

/** One round: changes on the first node, one after the other, while the second reads the entry all the time. */
async function follow(
  { name, nodes }: Entered,
  key: string,
  changes: number,
): Promise<Record<string, number>> {
  const [writer, reader] = nodes as unknown as [(typeof nodes)[0], (typeof nodes)[0]];
  const what = WITH_TAGS.includes(name) ? { key, tag: TAG } : { key };
  await reader.call("follow", key);
  await reader.call("seen", 0, PATIENCE_MS);
  const lags: number[] = [];
  let stayed = 0;
  try {
    for (let i = 0; i < changes; i++) {
      const { version, resolvedAtMs } = await writer.call("change", what);
      const seen = await reader.call("seen", version, PATIENCE_MS);
      if (seen) lags.push(Math.max(0, seen.lastOldAtMs - resolvedAtMs));
      else if (++stayed > MOST_STAYED)
        throw new Error(`the old value was still answered ${PATIENCE_MS} ms later`);
    }
  } finally {
    await reader.call("unfollow");
  }
  return {
    stayed: (stayed / changes) * 100,
    p50: percentile(lags, 0.5),
    p99: percentile(lags, 0.99),
    max: Math.max(...lags),
  };
}

/** How long another node's memory goes on answering the old value once the change has resolved. */
export const lag: Question = {
  name: "lag",
  question: "After a change has resolved, how long does another node's memory still answer the old value?",
  async run({ quick, random }) {
    const changes = quick ? 60 : 250;
    const rounds = quick ? 2 : 4;
    const inCase = `${(changes * rounds).toLocaleString("en")} changes, 2 processes`;
    const common = { tier: "both", tags: [TAG], entries: 100, valueBytes: 1_024, inCase } as const;
    const entrants = await openEntrants(quick ? QUICK : ALL, {
      ...common,
      loadMs: 0,
      processes: 2,
      withinMs: 30_000,
    });
    let run = 0;
    const answer = await runContest(
      {
        case: inCase,
        measures: {
          p50: { unit: "ms", better: "less" },
          p99: { unit: "ms", better: "less" },
          max: { unit: "ms", better: "less" },
          stayed: { unit: "% whose old value stayed", better: "less" },
        },
        floor: FLOOR,
        rounds,
        ...(quick ? { budgetMs: 3_500 } : {}),
        warmUps: 1,
        entrants: entrants.entered.map((one) => ({
          name: one.name,
          round: () => follow(one, `lag:${++run}`, changes),
        })),
      },
      random,
    );
    await entrants.close();
    return {
      figures: answer.figures,
      failures: [...entrants.failures, ...answer.failures],
      notes: [
        "0 means that no read that ended after the change had resolved was answered the old value. The reader begins a read in every turn of its event loop. Livecache and bentocache change a tag, layered-loader the key. The floor is a plain map in each process, emptied by PUBLISH.",
        "cacheable (without a message broker) and cache-manager tell other processes nothing: their old value stays until its TTL. A value counts as staying after 1.5 s, and has no part in the times.",
      ],
    };
  },
};
