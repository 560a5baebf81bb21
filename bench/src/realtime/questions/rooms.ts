import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import { EVERYBODY, FEW, redisUsage, requireExact, runTrial, together } from "../trial.ts";

const MEMBERS = 5;
const PAD_BYTES = 180;

const MEASURES = {
  cpuUs: { unit: "µs of server CPU per event", better: "less" },
  redisUs: { unit: "µs of Redis CPU per event", better: "less" },
  p50: { unit: "ms", better: "less" },
  p99: { unit: "ms", better: "less" },
} as const;

interface Plan {
  readonly rooms: number;
  readonly perSecond: number;
  readonly events: number;
}

async function round(arena: Arena, { rooms, perSecond, events }: Plan) {
  const { connect, load, nodes } = arena;
  const clients = rooms * MEMBERS;
  await connect({ clients, rooms: [{ kind: "room", members: MEMBERS }] });
  const common = { kind: "room", rooms, padBytes: PAD_BYTES } as const;
  await load.begin();
  await nodes[0].publish({ ...common, from: 1, events: 1, perSecond: 1_000 });
  await load.arrived(clients, 10_000);
  await load.begin();
  const before = await redisUsage(arena);
  await Promise.all(nodes.map((node) => node.begin()));
  const { rejected, why } = await nodes[0].publish({ ...common, from: 2, events, perSecond });
  if (rejected > 0) throw new Error(`${rejected} events were not published: ${why}`);
  const arrivals = await load.arrived(events * clients, 20_000);
  const used = await Promise.all(nodes.map((node) => node.used()));
  const redis = (await redisUsage(arena)).cpuUs - before.cpuUs;
  requireExact(arrivals, events * clients);
  return {
    cpuUs: used.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / (events * rooms),
    redisUs: redis / (events * rooms),
    p50: arrivals.p50Ms,
    p99: arrivals.p99Ms,
  };
}

/** Many small rooms. */
export const rooms: Question = {
  name: "rooms",
  question: "What does an event cost in 1,000 rooms of 5 members at 500 events a second?",
  async run(setting: RunSetting) {
    const { quick } = setting;
    const plan = quick
      ? { rooms: 200, perSecond: 500, events: 3 }
      : { rooms: 1_000, perSecond: 500, events: 5 };
    const answer = await runTrial(
      {
        case: `${plan.rooms.toLocaleString("en-US")} rooms × ${MEMBERS} members, ${plan.perSecond} events/s`,
        measures: MEASURES,
        contestants: quick ? FEW : EVERYBODY,
        rounds: quick ? 1 : 3,
        round: (arena) => round(arena, plan),
      },
      setting,
    );
    return together(
      [answer],
      [
        "An event is 5 deliveries. Most rooms have members on both nodes, so a subscription for each room saves little here; with more nodes it saves more. Redis CPU is everything the process used meanwhile, also for reading and writing sockets.",
      ],
    );
  },
};
