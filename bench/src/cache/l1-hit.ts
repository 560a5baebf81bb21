import { runContest } from "../measure/contest.ts";
import type { Answer } from "../measure/figure.ts";
import { openEntrants, prepared } from "./entrants.ts";
import type { Entrants, Wanted } from "./entrants.ts";
import type { Question, RunSetting } from "./question.ts";

/** One case: how many tags an entry has, and how many keys are read in turn. */
interface Case {
  readonly name: string;
  readonly tags: number;
  readonly keys: number;
}

const CASES: readonly Case[] = [
  { name: "no tags", tags: 0, keys: 1 },
  { name: "2 tags", tags: 2, keys: 1 },
  { name: "50 tags", tags: 50, keys: 1 },
  { name: "2 tags, 10,000 keys", tags: 2, keys: 10_000 },
];

/** A quick run leaves out the many keys: they take longer to fill than everything else to measure. */
const QUICK_CASES = CASES.filter(({ keys }) => keys === 1);

const FLOOR = "lru-cache";

/** The library's node holds a Redis ground: that is what a deployed one has, and its memory is judged by the log. */
const OURS: Wanted = { name: "livecache", tier: "both" };
const EMBEDDED: Wanted = { name: "livecache", label: "livecache (no Redis)", tier: "near" };
const QUICK: readonly Wanted[] = [
  { name: FLOOR },
  OURS,
  { name: "layered-loader" },
  { name: "async-cache-dedupe" },
  { name: "bentocache" },
];
const ALL: readonly Wanted[] = [...QUICK, EMBEDDED, { name: "cacheable" }, { name: "cache-manager" }];
const WITHOUT_TAGS: readonly string[] = ["layered-loader", "cache-manager"];

async function runCase(
  one: Case,
  entrants: Entrants,
  { quick, random }: RunSetting,
): Promise<Omit<Answer, "notes">> {
  const tags = Array.from({ length: one.tags }, (_, index) => `tag:${index}`);
  // A quick run has the two best peers of each case.
  const isOut = one.tags > 0 ? WITHOUT_TAGS : quick ? ["bentocache"] : [];
  const here = entrants.entered.filter(({ name }) => !isOut.includes(name));
  const { ready, failures } = await prepared(here, one.name, async ({ nodes, setting }) => {
    await nodes[0].call("open", { ...setting, tags, entries: one.keys });
    await nodes[0].call("fill", 0, one.keys);
  });
  const plan = { keys: one.keys, ms: quick ? 60 : 300 };
  const answer = await runContest(
    {
      case: one.name,
      measures: { perSecond: { unit: "op/s", better: "more" } },
      floor: FLOOR,
      rounds: quick ? 3 : 5,
      ...(quick ? { budgetMs: 1_200 } : {}),
      entrants: ready.map(({ name, nodes }) => ({
        name,
        round: async () => ({ ...(await nodes[0].call("hits", plan)) }),
      })),
    },
    random,
  );
  return { figures: answer.figures, failures: [...failures, ...answer.failures] };
}

/** Reads of an object of 1 KB that is in the process's memory, each awaited before the next. */
export const l1Hit: Question = {
  name: "l1-hit",
  question: "How many hits a second does the process's own memory answer?",
  async run(setting) {
    const common = {
      tier: "near",
      tags: [],
      entries: 1,
      valueBytes: 1_024,
      inCase: "all",
      withinMs: 60_000,
    } as const;
    const entrants = await openEntrants(setting.quick ? QUICK : ALL, common);
    const answers = [];
    for (const one of setting.quick ? QUICK_CASES : CASES)
      answers.push(await runCase(one, entrants, setting));
    await entrants.close();
    return {
      figures: answers.flatMap(({ figures }) => figures),
      failures: [...entrants.failures, ...answers.flatMap(({ failures }) => failures)],
      notes: [
        "Objects of 1 KB, one read at a time, each awaited. The floor awaits `lru-cache.get`.",
        "layered-loader and cache-manager have no tags and are in the first case only; cacheable's getOrSet takes none, so its tagged read is written with get and set.",
      ],
    };
  },
};
