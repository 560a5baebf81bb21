import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import { FEW, redisUsage, runTrial, spentOn, together } from "../trial.ts";

const PER_SECOND = 10_000;

const MEASURES = {
  perSecond: { unit: "updates answered a second", better: "more" },
  p99: { unit: "ms", better: "less" },
  cpuUs: { unit: "µs of server CPU per update", better: "less" },
  redisUs: { unit: "µs of Redis CPU per update", better: "less" },
} as const;

async function round(arena: Arena, { clients, seconds }: { clients: number; seconds: number }) {
  const { connect, load, nodes } = arena;
  await connect({ clients, rooms: [] });
  const common = { perSecond: PER_SECOND, answerWithinMs: 10_000 };
  const first = await load.locate({ ...common, updates: clients, answerWithinMs: 5_000 });
  if (first.answered === 0) throw new Error('nobody answers "locate"');
  const before = await redisUsage(arena);
  await nodes[0].begin();
  const updates = PER_SECOND * seconds;
  const { answered, refused, tookMs, p99Ms } = await load.locate({ ...common, updates });
  const used = await nodes[0].used();
  const redis = spentOn(updates, { before, after: await redisUsage(arena) });
  if (answered < updates || refused > 0) {
    throw new Error(`void: of ${updates} updates ${answered} were answered, ${refused} refused`);
  }
  return {
    perSecond: (answered * 1_000) / tookMs,
    p99: p99Ms,
    cpuUs: used.cpuUs / updates,
    redisUs: redis.cpuUs,
  };
}

/** Everybody moves over a map. */
export const regions: Question = {
  name: "regions",
  question: "Can one node take 10,000 location updates a second, and what do they cost?",
  async run(setting: RunSetting) {
    const { quick } = setting;
    const plan = { clients: quick ? 500 : 1_000, seconds: quick ? 1 : 6 };
    const answer = await runTrial(
      {
        case: `${plan.clients.toLocaleString("en-US")} sockets, ${PER_SECOND.toLocaleString("en-US")} updates a second`,
        measures: MEASURES,
        contestants: quick
          ? FEW.filter((name) => name !== "raw ws")
          : ["livecache", "livecache (no Redis)", "socket.io (no Redis)", "redis-adapter", "sharded adapter"],
        nodes: 1,
        floor: "redis-adapter",
        rounds: quick ? 1 : 3,
        round: (arena) => round(arena, plan),
      },
      setting,
    );
    return together(
      [answer],
      [
        "Sockets walk about 70 m with each update, in cells of about 1.2 by 0.6 km, so most updates stay in their cell. Livecache keeps who is in which cell for all nodes, holds on to a cell at its border, and joins and leaves its channel; the others count out a cell and change the room, which no other node knows of.",
      ],
    );
  },
};
