import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import { FEW, idleUsage, pause, redisUsage, runTrial, scaled, spentOn, together } from "../trial.ts";

const CLIENTS = 201;
const PER_SECOND = 200;
const CHANNEL = "hall/0";
const FLOOR = "redis-adapter";
const IDLE_MS = 1_000;

const MEASURES = {
  cpuUs: { unit: "µs of server CPU for one who goes and comes back", better: "less" },
  redisUs: { unit: "µs of Redis CPU", better: "less" },
} as const;

/** What is told of a channel is true at the latest after a second. */
async function everybodyIsThere({ load }: Arena): Promise<void> {
  for (let look = 0; ; look++) {
    const there = await load.presentCount(CHANNEL);
    if (there === CLIENTS) return;
    if (look === 20) throw new Error(`void: ${there} of ${CLIENTS} are told to be there`);
    await pause(50);
  }
}

async function round(arena: Arena, times: number) {
  const { connect, load, nodes } = arena;
  await connect({ clients: CLIENTS, rooms: [{ kind: "hall", members: CLIENTS }] });
  await everybodyIsThere(arena);
  const idle = await idleUsage(arena, IDLE_MS);
  const before = await redisUsage(arena);
  await Promise.all(nodes.map((node) => node.begin()));
  const tookMs = await load.churn({ channel: CHANNEL, times, perSecond: PER_SECOND });
  const used = await Promise.all(nodes.map((node) => node.used()));
  const after = await redisUsage(arena);
  await everybodyIsThere(arena);
  return {
    cpuUs: used.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / times,
    redisUs: spentOn(times, { before, after, idle: scaled(idle, tookMs / IDLE_MS) }).cpuUs,
  };
}

/** People who come and go. */
export const presenceChurn: Question = {
  name: "presence",
  question: "What does it cost to tell everybody who is there while people come and go?",
  async run(setting: RunSetting) {
    const { quick } = setting;
    const answer = await runTrial(
      {
        case: `${CLIENTS} users in one channel over 2 nodes, ${PER_SECOND} a second go and come back`,
        measures: MEASURES,
        contestants: quick
          ? FEW.filter((name) => name !== "raw ws")
          : ["livecache", "redis-adapter", "sharded adapter", "streams adapter"],
        floor: FLOOR,
        rounds: quick ? 1 : 3,
        round: (arena) => round(arena, PER_SECOND * (quick ? 1 : 5)),
      },
      setting,
    );
    return together(
      [answer],
      [
        "None of the others has presence: they get what tutorials write, a hash in Redis and the new count to everybody at each coming and going, which keeps those for ever whose node was killed. Livecache sends differences, and says nothing of somebody who is back within the grace of a page reload.",
      ],
    );
  },
};
