import type { Question } from "../../cache/question.ts";
import { runContest } from "../../measure/contest.ts";
import { inSite } from "../site.ts";
import { fillAll } from "../tokens/token-acts.ts";
import type { Held } from "../tokens/token-acts.ts";

const FLOOR = "plain Set";
const MB = 1e6;
/** What is only made once is made before the first look. */
const FIRST = 100;
const MEASURES = {
  rss: { unit: "MB resident", better: "less" },
  heap: { unit: "MB of heap and buffers", better: "less" },
  peak: { unit: "MB at most on the way", better: "less" },
  seconds: { unit: "s until a new node knew them all", better: "less" },
} as const;

type Numbers = Readonly<Record<string, number>>;

function growth(before: Held, after: Held): Numbers {
  return {
    rss: (after.rss - before.rss) / MB,
    heap: (after.heap - before.heap) / MB,
    peak: (after.peak - before.rss) / MB,
  };
}

/** A process that fills a set of its own. */
function filled(name: string, count: number): Promise<Numbers> {
  return inSite(name, { area: "tokens" }, async ({ nodes: [node] }) => {
    await node.fill(0, FIRST);
    const before = await node.held();
    await fillAll(node, count);
    return growth(before, await node.held());
  });
}

/** Two nodes of Livecache: one was there all the time and heard of each revocation, one comes when all is done and reads them at once. */
function heardAndRead(count: number): Promise<{ readonly heard: Numbers; readonly read: Numbers }> {
  return inSite("livecache", { area: "tokens" }, async ({ nodes: [writer], redis, addNode }) => {
    await writer.fill(0, FIRST);
    const listener = await addNode();
    await listener.untilKnown(FIRST);
    const quiet = await listener.held();
    await fillAll(writer, count);
    await listener.untilKnown(count);
    const heard = growth(quiet, await listener.held());
    const read = await inSite("livecache", { area: "tokens" }, async ({ nodes: [newcomer] }) => {
      await newcomer.fill(0, FIRST);
      const empty = await newcomer.held();
      const { seconds } = await newcomer.load("livecache", redis.url, count);
      return { ...growth(empty, await newcomer.held()), seconds };
    });
    return { heard, read };
  });
}

/** What a node pays for knowing every revoked token. */
export const revokedMemory: Question = {
  name: "revoked-memory",
  question: "What does it cost a node to hold all revoked tokens, and how soon does a new node know them?",
  async run({ quick, random }) {
    const count = quick ? 50_000 : 1_000_000;
    let shared: ReturnType<typeof heardAndRead> | undefined;
    /** Both nodes of a round are measured at once: the second to ask has what the first began. */
    function both(): ReturnType<typeof heardAndRead> {
      const begun = shared;
      shared = begun ? undefined : heardAndRead(count);
      return begun ?? shared!;
    }
    const answer = await runContest(
      {
        case: `${count.toLocaleString("en-US")} revoked tokens`,
        measures: MEASURES,
        floor: FLOOR,
        rounds: quick ? 1 : 2,
        warmUps: 0,
        entrants: [
          { name: FLOOR, round: () => filled(FLOOR, count) },
          { name: "plain Map", round: () => filled("plain Map", count) },
          { name: "livecache", round: async () => (await both()).read },
          { name: "livecache, told one by one", round: async () => (await both()).heard },
        ],
      },
      random,
    );
    return {
      ...answer,
      notes: [
        "What the process grew by, after everything that can be collected was. **livecache** is a node that starts when all tokens are revoked, from `createLive` until `live.tokens.status()` knows them all; **told one by one** was there before the first. The plain ones hold the ids as strings: nothing reaches them from another process, and nothing of a restart is left.",
      ],
    };
  },
};
