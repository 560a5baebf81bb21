import { runContest } from "../measure/contest.ts";
import { openEntrants } from "./entrants.ts";
import type { Wanted } from "./entrants.ts";
import type { Question } from "./question.ts";

const FLOOR = "lru-cache";
const QUICK: readonly Wanted[] = [
  { name: FLOOR },
  { name: "livecache", tier: "both" },
  { name: "async-cache-dedupe" },
  { name: "bentocache" },
];
const ALL: readonly Wanted[] = [
  ...QUICK,
  { name: "livecache", label: "livecache (no Redis)" },
  { name: "layered-loader" },
  { name: "cacheable" },
  { name: "cache-manager" },
];

/** The same promise; a rejection is told to whoever awaits it, and does not end the process before that. */
function settled<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** What the process's memory costs. Each round is a process of its own, because freed memory is not given back as it was. */
export const memory: Question = {
  name: "memory",
  question: "How many bytes does an entry of 1 KB take in the process's memory?",
  async run({ quick, random }) {
    const entries = quick ? 10_000 : 100_000;
    const inCase = `${entries.toLocaleString("en")} entries of 1 KB`;

    async function round(wanted: Wanted): Promise<Record<string, number>> {
      const common = {
        tier: "near",
        tags: [],
        entries,
        valueBytes: 1_024,
        inCase,
        withinMs: 120_000,
      } as const;
      const entrants = await openEntrants([wanted], common);
      try {
        const [one] = entrants.entered;
        if (!one) throw new Error(entrants.failures[0]?.why);
        return { ...(await one.nodes[0].call("memory", entries)) };
      } finally {
        await entrants.close();
      }
    }

    const all = quick ? QUICK : ALL;
    // Nobody's bytes depend on the clock, so a quick run makes them all at once.
    const early = new Map(quick ? all.map((wanted) => [wanted, settled(round(wanted))]) : []);
    const answer = await runContest(
      {
        case: inCase,
        measures: { bytes: { unit: "bytes", better: "less" } },
        floor: FLOOR,
        rounds: quick ? 1 : 2,
        warmUps: 0,
        entrants: all.map((wanted) => ({
          name: wanted.label ?? wanted.name,
          round: () => early.get(wanted) ?? round(wanted),
        })),
      },
      random,
    );
    return {
      ...answer,
      notes: [
        "heapUsed + external after three collections, divided by the entries. The floor keeps the plain objects that were loaded; bentocache keeps JSON text, and parses it at every hit.",
        "livecache (no Redis) holds the bytes of its embedded ground as well as the objects of its memory.",
      ],
    };
  },
};
