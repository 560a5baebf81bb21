import { setTimeout as pause } from "node:timers/promises";
import type { SeededRandom } from "@livecache/rig";
import { runContest } from "../measure/contest.ts";
import { openEntrants } from "./entrants.ts";
import type { Entered, Wanted } from "./entrants.ts";
import type { Question } from "./question.ts";

const LOAD_MS = 5;
/** Reads and changes begin at random within this time, so that most of them overlap. */
const WITHIN_MS = 10;
/** After this every message has arrived, and whoever still answers an old value answers it until its TTL. */
const SETTLE_MS = 100;
const TRIALS = 100;
const ALL: readonly Wanted[] = [
  { name: "livecache" },
  { name: "bentocache" },
  { name: "cacheable" },
  { name: "cache-manager" },
  { name: "async-cache-dedupe", tier: "far" },
  { name: "layered-loader" },
  { name: "tutorial" },
];

/** Lets one process load keys while the other changes them, and then asks both what they answer for good. */
async function trials(
  { nodes }: Entered,
  run: number,
  random: SeededRandom,
): Promise<Record<string, number>> {
  const [reader, writer = reader] = nodes;
  const keys = Array.from({ length: TRIALS }, (_, index) => `race:${run}:${index}`);
  const delayed = (): { key: string; delayMs: number }[] =>
    keys.map((key) => ({ key, delayMs: random.integer(WITHIN_MS) }));
  await Promise.all([reader.call("readAfter", delayed()), writer.call("changeAfter", delayed())]);
  await pause(SETTLE_MS);
  const now = keys.map((key) => ({ key, delayMs: 0 }));
  const found = [await reader.call("readAfter", now), await writer.call("readAfter", now)];
  const right = keys.filter((_, index) => found.every((versions) => versions[index] === 1)).length;
  return { right: (right / TRIALS) * 100 };
}

/** A load and a change at the same time: what does the cache hold afterwards? */
export const race: Question = {
  name: "race",
  question: "When a change overtakes a load that is running, what is answered afterwards?",
  isLong: true,
  async run({ quick, random }) {
    const rounds = quick ? 3 : 10;
    const inCase = `${(TRIALS * rounds).toLocaleString("en")} races, 2 processes`;
    const common = { tier: "both", tags: [], entries: 10_000, valueBytes: 256, inCase } as const;
    const entrants = await openEntrants(ALL, { ...common, loadMs: LOAD_MS, processes: 2, withinMs: 30_000 });
    let run = 0;
    const answer = await runContest(
      {
        case: inCase,
        measures: { right: { unit: "% that end with the new value", better: "more" } },
        floor: { name: "always", numbers: { right: 100 } },
        rounds,
        warmUps: 0,
        entrants: entrants.entered.map((one) => ({
          name: one.name,
          round: () => trials(one, ++run, random),
        })),
      },
      random,
    );
    await entrants.close();
    return {
      figures: answer.figures,
      failures: [...entrants.failures, ...answer.failures],
      notes: [
        `One process reads a key that is not cached, and its load takes ${LOAD_MS} ms; the other changes the origin's value and then voids the key, both at a random moment of the same ${WITHIN_MS} ms. ${SETTLE_MS} ms later both processes are asked: a race ends right when both answer the new value. Most of these races overlap on purpose; this is no rate of any production.`,
        "cacheable (without a message broker) and cache-manager do not tell other processes; part of what they miss is that.",
      ],
    };
  },
};
