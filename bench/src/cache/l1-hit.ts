import { runContest } from "../measure/contest.ts";
import type { Answer } from "../measure/figure.ts";
import { openEntrants, prepared } from "./entrants.ts";
import type { Wanted } from "./entrants.ts";
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

const FLOOR = "lru-cache";

/** The library's own processes hold a Redis ground: that is what a deployed node has, and its memory is judged by the log. */
const OURS: readonly Wanted[] = [{ name: "livecache", tier: "both" }];
const EMBEDDED: Wanted = { name: "livecache", label: "livecache (no Redis)", tier: "near" };
const TAGGED_PEERS: readonly Wanted[] = [{ name: "bentocache" }, { name: "async-cache-dedupe" }];

function contestants({ tags }: Case, quick: boolean): readonly Wanted[] {
  const floor: Wanted = { name: FLOOR };
  if (quick) {
    const best: readonly Wanted[] =
      tags === 0 ? [{ name: "layered-loader" }, { name: "async-cache-dedupe" }] : TAGGED_PEERS;
    return [floor, ...OURS, ...best];
  }
  const untagged: readonly Wanted[] =
    tags === 0 ? [{ name: "layered-loader" }, { name: "cache-manager" }] : [];
  return [floor, ...OURS, EMBEDDED, ...TAGGED_PEERS, { name: "cacheable" }, ...untagged];
}

async function runCase(one: Case, { quick, random }: RunSetting): Promise<Omit<Answer, "notes">> {
  const tags = Array.from({ length: one.tags }, (_, index) => `tag:${index}`);
  const common = { tier: "near", tags, entries: one.keys, valueBytes: 1_024, inCase: one.name } as const;
  const entrants = await openEntrants(contestants(one, quick), { ...common, withinMs: 60_000 });
  const { ready, failures } = await prepared(entrants, one.name, ({ nodes }) =>
    nodes[0].call("fill", 0, one.keys),
  );
  const plan = { keys: one.keys, ms: quick ? 100 : 500 };
  const answer = await runContest(
    {
      case: one.name,
      measures: { perSecond: { unit: "op/s", better: "more" } },
      floor: FLOOR,
      rounds: quick ? 3 : 7,
      entrants: ready.map(({ name, nodes }) => ({
        name,
        round: async () => ({ ...(await nodes[0].call("hits", plan)) }),
      })),
    },
    random,
  );
  await entrants.close();
  return { figures: answer.figures, failures: [...failures, ...answer.failures] };
}

/** Reads of an object of 1 KB that is in the process's memory, each awaited before the next. */
export const l1Hit: Question = {
  name: "l1-hit",
  question: "How many hits a second does the process's own memory answer?",
  async run(setting) {
    const answers = [];
    for (const one of CASES) answers.push(await runCase(one, setting));
    return {
      figures: answers.flatMap(({ figures }) => figures),
      failures: answers.flatMap(({ failures }) => failures),
      notes: [
        "Objects of 1 KB, one read at a time, each awaited. The floor awaits `lru-cache.get`.",
        "layered-loader and cache-manager have no tags and are in the first case only; cacheable's getOrSet takes none, so its tagged read is written with get and set.",
      ],
    };
  },
};
