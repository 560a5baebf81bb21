import { setTimeout as pause } from "node:timers/promises";
import { runContest } from "../measure/contest.ts";
import type { Answer } from "../measure/figure.ts";
import { openEntrants, prepared } from "./entrants.ts";
import type { Entered, Wanted } from "./entrants.ts";
import { probed } from "./probe.ts";
import type { Question, RunSetting } from "./question.ts";

/** Every entry has all of them, so that each round changes a tag of all entries. */
const TAGS: readonly string[] = ["all:1", "all:2", "all:3", "all:4", "all:5"];
const VALUE_BYTES = 120;

const BY_TAG: readonly Wanted[] = [{ name: "livecache" }, { name: "bentocache" }];
/** They delete entries one by one: only the first of their rounds has something to delete. */
const BY_SEARCH: readonly Wanted[] = [
  { name: "cacheable" },
  { name: "layered-loader groups" },
  { name: "layered-loader" },
  { name: "cache-manager" },
  { name: "async-cache-dedupe", tier: "far" },
  { name: "tutorial" },
];

const MEASURES = {
  ms: { unit: "ms for the call", better: "less" },
  commandMs: { unit: "ms, longest command in Redis", better: "less" },
  waitMs: { unit: "ms, longest wait of another client", better: "less" },
} as const;

/** Changes one tag of all entries, and makes sure that they are void. */
async function change({ nodes, redis }: Entered, tag: string): Promise<Record<string, number>> {
  const [node] = nodes;
  const felt = await probed(redis, () => node.call("changeTag", tag));
  const before = await node.call("loads");
  await node.call("value", "item:0000007");
  if ((await node.call("loads")) === before)
    throw new Error("void: an entry was still answered after the change");
  return { ms: felt.answer.ms, commandMs: felt.longestCommandMs, waitMs: felt.longestWaitMs };
}

async function runSize(
  entries: number,
  wanted: readonly Wanted[],
  { quick, random }: RunSetting,
): Promise<Omit<Answer, "notes">> {
  const inCase = `${entries.toLocaleString("en")} entries`;
  const answers: Omit<Answer, "notes">[] = [];
  // One after the other: a machine may not hold a million entries of everybody at once.
  for (const one of wanted) {
    const common = { tier: "both", tags: TAGS, entries: 1_000, valueBytes: VALUE_BYTES, inCase } as const;
    const entrants = await openEntrants([one], { ...common, withinMs: quick ? 20_000 : 300_000 });
    const { ready, failures } = await prepared(entrants, inCase, ({ nodes }) =>
      nodes[0].call("fill", 0, entries),
    );
    const isRepeatable = BY_TAG.includes(one);
    let next = 0;
    const answer = await runContest(
      {
        case: inCase,
        measures: MEASURES,
        rounds: isRepeatable ? TAGS.length : 1,
        warmUps: 0,
        entrants: ready.map((entered) => ({
          name: entered.name,
          round: () => change(entered, TAGS[next++ % TAGS.length]!),
        })),
      },
      random,
    );
    if (one === wanted[0] && ready[0]) answers.push(await idle(inCase, ready[0], random));
    answers.push({ figures: answer.figures, failures: [...failures, ...answer.failures] });
    await entrants.close();
  }
  return {
    figures: answers.flatMap(({ figures }) => figures),
    failures: answers.flatMap((answer) => answer.failures),
  };
}

/** What the probe feels while nothing happens. */
function idle(
  inCase: string,
  { redis }: Entered,
  random: RunSetting["random"],
): Promise<Omit<Answer, "notes">> {
  const measures = { waitMs: MEASURES.waitMs };
  const round = async (): Promise<Record<string, number>> => {
    const felt = await probed(redis, () => pause(20));
    return { waitMs: felt.longestWaitMs };
  };
  const entrants = [{ name: "(nothing, idle)", round }];
  return runContest({ case: inCase, measures, rounds: TAGS.length, warmUps: 0, entrants }, random);
}

/** One change that voids very many entries. */
export const tagChange: Question = {
  name: "tag-change",
  question: "What does it cost to void every entry that has a tag?",
  async run(setting) {
    const runs = setting.quick
      ? [await runSize(20_000, [...BY_TAG, { name: "layered-loader groups" }], setting)]
      : [
          await runSize(100_000, [...BY_TAG, ...BY_SEARCH], setting),
          await runSize(
            1_000_000,
            [...BY_TAG, { name: "layered-loader groups" }, { name: "tutorial" }],
            setting,
          ),
        ];
    return {
      figures: runs.flatMap(({ figures }) => figures),
      failures: runs.flatMap(({ failures }) => failures),
      notes: [
        `Entries of ${VALUE_BYTES} bytes in Redis, each with ${TAGS.length} tags, read in by the contestant itself. Another client sends PINGs meanwhile, and for 100 ms after; Redis's slow log says how long it was busy with one command.`,
        "layered-loader groups voids a group, which is as far as it goes; layered-loader and cache-manager clear everything they hold; tutorial searches by KEYS and deletes. Afterwards one entry is read, and the figure is void unless it came from the origin.",
        "Livecache and bentocache are asked five times, the others once: after the first time there is nothing left to delete.",
      ],
    };
  },
};
