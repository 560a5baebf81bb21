import type { RedisProcess, SeededRandom } from "@livecache/rig";
import { runContest } from "../measure/contest.ts";
import type { Answer, Failure, Figure } from "../measure/figure.ts";
import { startContestant } from "../node/contestant.ts";
import type { Contestant } from "../node/contestant.ts";
import { openEntrants, prepared } from "./entrants.ts";
import type { Entered, Entrants, Wanted } from "./entrants.ts";
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

/** A contestant that holds all the entries, and a plain SET in the same Redis as its floor. */
interface Filled {
  readonly one: Wanted;
  readonly entrants: Entrants;
  readonly floor: Contestant;
}

/** Starts one contestant and fills it; what fails is put into `failures`. */
async function fillOne(
  one: Wanted,
  { entries, quick, failures }: { entries: number; quick: boolean; failures: Failure[] },
): Promise<Filled | undefined> {
  const inCase = caseOf(entries);
  const common = { tier: "both", tags: TAGS, entries: 1_000, valueBytes: VALUE_BYTES, inCase } as const;
  const entrants = await openEntrants([one], { ...common, withinMs: quick ? 20_000 : 600_000 });
  const filled = await prepared(entrants.entered, inCase, ({ nodes }) => nodes[0].call("fill", 0, entries));
  failures.push(...entrants.failures, ...filled.failures);
  const [entered] = filled.ready;
  if (!entered) {
    await entrants.close();
    return undefined;
  }
  const floor = await startContestant({ ...entered.setting, name: "raw GET" }, { label: FLOOR });
  return { one, entrants, floor };
}

/** Lets a filled contestant change its tags, and ends it. */
async function changeOne({ one, entrants, floor }: Filled, entries: number, random: SeededRandom) {
  const [entered] = entrants.entered as [Entered];
  let next = 0;
  const tag = (): string => TAGS[next++ % TAGS.length]!;
  const answer = await runContest(
    {
      case: caseOf(entries),
      measures: MEASURES,
      floor: FLOOR,
      rounds: BY_TAG.includes(one) ? TAGS.length : 1,
      warmUps: 0,
      entrants: [
        { name: FLOOR, round: () => change(floor, entered.redis, "any") },
        { name: entered.name, round: () => checkedChange(entered, tag()) },
      ],
    },
    random,
  );
  await floor.close();
  await entrants.close();
  return answer;
}

function caseOf(entries: number): string {
  return `${entries.toLocaleString("en")} entries`;
}

async function runSize(
  entries: number,
  wanted: readonly Wanted[],
  { quick, random }: RunSetting,
): Promise<Omit<Answer, "notes">> {
  const failures: Failure[] = [];
  const figures: Figure[] = [];
  const all = await Promise.all(wanted.map((one) => fillOne(one, { entries, quick, failures })));
  for (const filled of all) {
    if (!filled) continue;
    const answer = await changeOne(filled, entries, random);
    const isNews = ({ contestant }: Figure): boolean =>
      contestant !== FLOOR || figures.every((figure) => figure.contestant !== FLOOR);
    figures.push(...answer.figures.filter(isNews));
    failures.push(...answer.failures);
  }
  return { figures, failures };
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
          await runSize(1_000_000, [...BY_TAG, { name: "tutorial" }], setting),
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
