import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import { redisUsage, requireExact, runTrial, spentOn, together } from "../trial.ts";

const MISSED = 5;
const PAD_BYTES = 180;
const CONTESTANTS = ["raw ws", "livecache", "streams adapter"] as const;

const MEASURES = {
  redisUs: { unit: "µs of Redis CPU per client", better: "less" },
  commandUs: { unit: "µs of that in commands", better: "less" },
  bytes: { unit: "bytes from Redis per client", better: "less" },
  tookMs: { unit: "ms until everybody had everything", better: "less" },
} as const;

interface Plan {
  readonly clients: number;
  /** Members of each room; all of them miss the same events. */
  readonly members: number;
}

async function round(arena: Arena, { clients, members }: Plan) {
  const { connect, load, nodes, ports } = arena;
  const rooms = clients / members;
  await connect({ clients, rooms: [{ kind: "room", members }] });
  const common = { kind: "room", rooms, padBytes: PAD_BYTES, perSecond: 2_000 } as const;
  await load.begin();
  await nodes[0].publish({ ...common, from: 1, events: 1 });
  requireExact(await load.arrived(clients, 20_000), clients);
  await load.drop();
  await nodes[0].publish({ ...common, from: 2, events: MISSED });
  const before = await redisUsage(arena);
  await load.begin();
  // To the other node, which has not seen any of it.
  const startedAt = performance.now();
  await load.comeBack({ ports: [...ports].reverse(), spreadMs: 0, withinMs: 100_000 });
  const arrivals = await load.arrived(clients * MISSED, 100_000);
  const tookMs = performance.now() - startedAt;
  requireExact(arrivals, clients * MISSED);
  const { cpuUs, commandUs, sentBytes } = spentOn(clients, { before, after: await redisUsage(arena) });
  return { redisUs: cpuUs, commandUs, bytes: sentBytes, tookMs };
}

/** Everybody is cut off, misses a few events, and comes back. */
export const resume: Question = {
  name: "resume",
  question: "What does it cost to give 5 missed events to clients that come back?",
  async run(setting: RunSetting) {
    const { quick } = setting;
    const plans: readonly Plan[] = quick
      ? [{ clients: 200, members: 1 }]
      : [
          { clients: 1_000, members: 1 },
          { clients: 5_000, members: 5 },
        ];
    const answers = [];
    for (const plan of plans) {
      const rooms = plan.clients / plan.members;
      answers.push(
        await runTrial(
          {
            case: `${plan.clients.toLocaleString("en-US")} clients in ${rooms.toLocaleString("en-US")} rooms, ${(rooms * MISSED).toLocaleString("en-US")} events meanwhile`,
            measures: MEASURES,
            contestants: CONTESTANTS,
            resumes: true,
            rounds: quick ? 1 : 3,
            round: (arena) => round(arena, plan),
          },
          setting,
        ),
      );
    }
    return together(answers, [
      "Clients come back to the other node, which had no member of their room. The floor has a Redis stream for each room and reads it from the client's place; the streams adapter has connection state recovery on. A round counts only if every client got exactly what it missed, once and in order.",
      "Redis CPU is everything the process used while they came back: subscriptions, the reading of histories, and its sockets. Time in commands is by INFO commandstats.",
    ]);
  },
};
