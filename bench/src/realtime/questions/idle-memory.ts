import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import { FEW, runTrial, together } from "../trial.ts";
import type { ContestantName } from "../sites/roster.ts";

const MEASURES = { kib: { unit: "KiB for each socket", better: "less" } } as const;
const ALL: readonly ContestantName[] = [
  "raw ws",
  "livecache",
  "livecache (no Redis)",
  "socket.io (no Redis)",
  "redis-adapter",
  "sharded adapter",
  "streams adapter",
];
/** The first sockets pay for what is only made once. */
const FIRST = 100;

async function round({ connect, load, nodes: [node] }: Arena, clients: number) {
  const rooms = [
    { kind: "room", members: 100 },
    { kind: "lobby", members: clients },
  ] as const;
  await connect({ clients: FIRST, rooms });
  await load.drop();
  const before = await node.heldRss();
  await connect({ clients, rooms });
  const after = await node.heldRss();
  const open = await load.openCount();
  if (open !== clients) throw new Error(`void: ${open} of ${clients} sockets are open`);
  return { kib: (after - before) / clients / 1_024 };
}

/** What a connected socket takes that says nothing. */
export const idleMemory: Question = {
  name: "idle",
  question: "How much memory does an idle socket in two rooms take?",
  async run(setting: RunSetting) {
    const { quick } = setting;
    const clients = quick ? 1_000 : 5_000;
    const answer = await runTrial(
      {
        case: `${clients.toLocaleString("en-US")} sockets, each in a room of 100 and in one room of all`,
        measures: MEASURES,
        contestants: quick ? FEW : ALL,
        nodes: 1,
        rounds: quick ? 1 : 3,
        round: (arena) => round(arena, clients),
      },
      setting,
    );
    return together(
      [answer],
      [
        "What the process holds resident, after everything that can be collected was, less what it held before the sockets came. Livecache's sockets each have an identity of their own, rate limits and a place in the history of both rooms; the others have none of these.",
      ],
    );
  },
};
