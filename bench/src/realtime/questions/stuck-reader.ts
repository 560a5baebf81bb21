import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import { EVERYBODY, FEW, runTrial, together } from "../trial.ts";

const CLIENTS = 20;
const PER_SECOND = 1_500;

const MEASURES = {
  mib: { unit: "MiB the server grew by", better: "less" },
  p99: { unit: "ms", better: "less" },
  slower: { unit: "× the others' p99 without it", better: "less" },
} as const;

async function round({ connect, load, nodes: [node] }: Arena, seconds: number) {
  await connect({ clients: CLIENTS, rooms: [{ kind: "room", members: CLIENTS }] });
  const common = { kind: "room", rooms: 1, padBytes: 960, perSecond: PER_SECOND } as const;
  const events = seconds * PER_SECOND;
  await load.begin();
  await node.publish({ ...common, from: 1, events: PER_SECOND });
  await load.arrived(PER_SECOND * CLIENTS, 10_000);
  await load.begin();
  await node.publish({ ...common, from: PER_SECOND + 1, events });
  const without = await load.arrived(events * CLIENTS, 10_000);
  const rss = await node.heldRss();
  await load.stall(1);
  await load.begin();
  await node.publish({ ...common, from: PER_SECOND + events + 1, events });
  const stuck = await load.arrived(events * (CLIENTS - 1), 10_000);
  const grown = (await node.heldRss()) - rss;
  if (stuck.skipped > 0) throw new Error(`void: ${stuck.skipped} deliveries to the others are missing`);
  return { mib: Math.max(0, grown) / 2 ** 20, p99: stuck.p99Ms, slower: stuck.p99Ms / without.p99Ms };
}

/** One client of a room stops reading. */
export const stuckReader: Question = {
  name: "stuck",
  question: "One of 20 clients stops reading: what does the server hold for it, and do the others notice?",
  isLong: true,
  async run(setting: RunSetting) {
    const { quick } = setting;
    const seconds = quick ? 2 : 6;
    const answer = await runTrial(
      {
        case: `${PER_SECOND.toLocaleString("en-US")} events of 1 KiB a second, for ${seconds} s`,
        measures: MEASURES,
        contestants: quick ? FEW : EVERYBODY,
        nodes: 1,
        rounds: quick ? 1 : 3,
        round: (arena) => round(arena, seconds),
      },
      setting,
    );
    return together(
      [answer],
      [
        "Growth is memory held resident after collection, measured while the client is still stuck; the kernel takes some MiB of what is sent before the server has to keep anything. The same events went out just before with nobody stuck, so buffers and histories are filled already.",
      ],
    );
  },
};
