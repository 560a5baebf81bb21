import type { RedisProcess } from "@livecache/rig";
import { runContest } from "../measure/contest.ts";
import type { Answer, Figure } from "../measure/figure.ts";
import { startContestant } from "../node/contestant.ts";
import type { Contestant } from "../node/contestant.ts";
import { openEntrants, prepared } from "./entrants.ts";
import type { Entered, Wanted } from "./entrants.ts";
import { probed } from "./probe.ts";
import type { Question, RunSetting } from "./question.ts";

/** Every entry has all of them, so that each round changes a tag of all entries. */
const TAGS: readonly string[] = ["all:1", "all:2", "all:3", "all:4", "all:5"];
const VALUE_BYTES = 120;
/** Read after each change; it was filled with all others. */
const PROBE_KEY = "item:0000007";
const FLOOR = "one SET";

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

/** Changes one tag of all entries, while another client watches how long it waits. */
async function change(node: Contestant, redis: RedisProcess, tag: string): Promise<Record<string, number>> {
  const felt = await probed(redis, () => node.call("changeTag", tag));
  return { ms: felt.answer.ms, commandMs: felt.longestCommandMs, waitMs: felt.longestWaitMs };
}

/** The same, and makes sure that the entries are void. */
async function checkedChange(
  { nodes: [node], redis }: Entered,
  tag: string,
): Promise<Record<string, number>> {
  const numbers = await change(node, redis, tag);
  const before = await node.call("loads");
  await node.call("value", PROBE_KEY);
  if ((await node.call("loads")) === before)
    throw new Error("void: an entry was still answered after the change");
  return numbers;
}

/** One contestant: it is filled, and changes beside a plain SET in the same Redis. */
async function runOne(
  one: Wanted,
  entries: number,
  { quick, random }: RunSetting,
): Promise<Omit<Answer, "notes">> {
  const inCase = `${entries.toLocaleString("en")} entries`;
  const common = { tier: "both", tags: TAGS, entries: 1_000, valueBytes: VALUE_BYTES, inCase } as const;
  const entrants = await openEntrants([one], { ...common, withinMs: quick ? 20_000 : 300_000 });
  const filled = await prepared(entrants.entered, inCase, ({ nodes }) => nodes[0].call("fill", 0, entries));
  const [entered] = filled.ready;
  const failures = [...entrants.failures, ...filled.failures];
  if (!entered) {
    await entrants.close();
    return { figures: [], failures };
  }
  const { redis, setting } = entered;
  const floor = await startContestant({ ...setting, name: "raw GET" }, { label: FLOOR });
  let next = 0;
  const tag = (): string => TAGS[next++ % TAGS.length]!;
  const answer = await runContest(
    {
      case: inCase,
      measures: MEASURES,
      floor: FLOOR,
      rounds: BY_TAG.includes(one) ? TAGS.length : 1,
      warmUps: 0,
      entrants: [
        { name: FLOOR, round: () => change(floor, redis, "any") },
        { name: entered.name, round: () => checkedChange(entered, tag()) },
      ],
    },
    random,
  );
  await floor.close();
  await entrants.close();
  return { figures: answer.figures, failures: [...failures, ...answer.failures] };
}

async function runSize(
  entries: number,
  wanted: readonly Wanted[],
  setting: RunSetting,
): Promise<Omit<Answer, "notes">> {
  const answers: Omit<Answer, "notes">[] = [];
  // One after the other: a machine may not hold a million entries of everybody at once.
  for (const one of wanted) answers.push(await runOne(one, entries, setting));
  const isFirst = ({ contestant }: Figure, index: number): boolean => contestant !== FLOOR || index < 3;
  return {
    figures: answers.flatMap(({ figures }) => figures).filter(isFirst),
    failures: answers.flatMap(({ failures }) => failures),
  };
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
        `Entries of ${VALUE_BYTES} bytes in Redis, each with ${TAGS.length} tags, read in by the contestant itself. Another client sends PINGs meanwhile, and for 100 ms after; Redis's slow log says how long it was busy with one command (0.010 ms stands for "at most"). The floor is one SET in the same Redis; what another client waits then is the noise of the machine.`,
        "layered-loader groups voids a group, which is as far as it goes; layered-loader and cache-manager clear everything they hold; tutorial searches by KEYS and deletes. Afterwards one entry is read, and the figure is void unless it came from the origin.",
        "Livecache and bentocache are asked five times, the others once: after the first time there is nothing left to delete.",
      ],
    };
  },
};
