import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import {
  CLUSTERED,
  FEW,
  idleUsage,
  redisUsage,
  requireExact,
  runTrial,
  scaled,
  spentOn,
  together,
} from "../trial.ts";

const TAGS = ["user:1", "list:7", "count:9"] as const;
const CLIENTS = 4;
const PER_SECOND = 500;
const IDLE_MS = 1_000;

const PACED = {
  redisUs: { unit: "µs of Redis CPU per change", better: "less" },
  p50: { unit: "ms", better: "less" },
  p99: { unit: "ms", better: "less" },
} as const;

const BUSY = {
  redisUs: { unit: "µs of Redis CPU per change", better: "less" },
  commandUs: { unit: "µs of that in commands", better: "less" },
  perSecond: { unit: "changes a second", better: "more" },
} as const;

const COMMON = { kind: "room", rooms: 1, padBytes: 180, tags: TAGS, perSecond: PER_SECOND } as const;

async function open({ connect, load, nodes }: Arena): Promise<void> {
  await connect({ clients: CLIENTS, rooms: [{ kind: "room", members: CLIENTS }] });
  await load.begin();
  await nodes[0].publish({ ...COMMON, from: 1, events: 50 });
  await load.arrived(50 * CLIENTS, 5_000);
}

async function paced(arena: Arena, events: number) {
  const { load, nodes } = arena;
  await open(arena);
  const idle = await idleUsage(arena, IDLE_MS);
  await load.begin();
  const before = await redisUsage(arena);
  const { tookMs } = await nodes[0].publish({ ...COMMON, from: 51, events });
  const arrivals = await load.arrived(events * CLIENTS, 10_000);
  const after = await redisUsage(arena);
  requireExact(arrivals, events * CLIENTS);
  const { cpuUs } = spentOn(events, { before, after, idle: scaled(idle, tookMs / IDLE_MS) });
  return { redisUs: cpuUs, p50: arrivals.p50Ms, p99: arrivals.p99Ms };
}

async function busy(arena: Arena, events: number) {
  const { nodes } = arena;
  await open(arena);
  const before = await redisUsage(arena);
  const { tookMs } = await nodes[0].publish({ ...COMMON, from: 51, events, atOnce: 64 });
  const { cpuUs, commandUs } = spentOn(events, { before, after: await redisUsage(arena) });
  return { redisUs: cpuUs, commandUs, perSecond: (events * 1_000) / tookMs };
}

/** A write: three tags and one event. */
export const changeCost: Question = {
  name: "change",
  question: "What does a change of 3 tags and an event cost Redis, and when does a client see it?",
  async run(setting: RunSetting) {
    const { quick } = setting;
    const contestants = quick ? FEW.filter((name) => name !== "redis-adapter") : CLUSTERED;
    const rounds = quick ? 1 : 3;
    const answers = [
      await runTrial(
        {
          case: `${PER_SECOND} changes a second`,
          measures: PACED,
          contestants,
          rounds,
          round: (arena) => paced(arena, PER_SECOND * (quick ? 1 : 6)),
        },
        setting,
      ),
      await runTrial(
        {
          case: "as many as go, 64 at a time",
          measures: BUSY,
          contestants,
          rounds,
          round: (arena) => busy(arena, quick ? 2_000 : 20_000),
        },
        setting,
      ),
    ];
    return together(answers, [
      "Livecache makes one `live.change`: tags, record and event in one step, applied by every node before a client hears of it. The others do what can be had by hand: three INCR, and the event beside them, with no order between the two.",
      "Redis CPU has the kernel's share in it; at 500 a second each change is a packet of its own, and most of the time is for that. The time that Redis uses anyway is taken off there. In commands: INFO commandstats.",
    ]);
  },
};
