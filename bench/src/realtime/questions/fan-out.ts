import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import { EVERYBODY, FEW, requireExact, runTrial, together } from "../trial.ts";

const PAD_BYTES = 180;
/** Deliveries a second: below what two cores can do, so that what is measured is work and not a queue. */
const DELIVERIES_PER_SECOND = 20_000;
const WARM_UP_EVENTS = 3;

const MEASURES = {
  cpuUs: { unit: "µs of server CPU per delivery", better: "less" },
  p50: { unit: "ms", better: "less" },
  p99: { unit: "ms", better: "less" },
  held: { unit: "ms the event loop was held at most", better: "less" },
} as const;

async function round({ connect, load, nodes }: Arena, clients: number, events: number) {
  await connect({ clients, rooms: [{ kind: "room", members: clients }] });
  const common = {
    kind: "room",
    rooms: 1,
    padBytes: PAD_BYTES,
    perSecond: DELIVERIES_PER_SECOND / clients,
  } as const;
  await load.begin();
  await nodes[0].publish({ ...common, from: 1, events: WARM_UP_EVENTS });
  await load.arrived(WARM_UP_EVENTS * clients, 5_000);
  await load.begin();
  await Promise.all(nodes.map((node) => node.begin()));
  const { rejected, why } = await nodes[0].publish({ ...common, from: WARM_UP_EVENTS + 1, events });
  if (rejected > 0) throw new Error(`${rejected} events were not published: ${why}`);
  const arrivals = await load.arrived(events * clients, 20_000);
  const used = await Promise.all(nodes.map((node) => node.used()));
  requireExact(arrivals, events * clients);
  return {
    cpuUs: used.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / arrivals.received,
    p50: arrivals.p50Ms,
    p99: arrivals.p99Ms,
    held: Math.max(...used.map(({ loopMaxMs }) => loopMaxMs)),
  };
}

/** One event to everybody in a room. */
export const fanOut: Question = {
  name: "fan-out",
  question: "What does one event to 1,000, 5,000 and 10,000 sockets over 2 nodes cost, and how late is it?",
  async run(setting: RunSetting) {
    const { quick } = setting;
    const answers = [];
    for (const clients of quick ? [300] : [1_000, 5_000, 10_000]) {
      const seconds = quick ? 1 : 6;
      const events = Math.max(8, Math.round((seconds * DELIVERIES_PER_SECOND) / clients));
      answers.push(
        await runTrial(
          {
            case: `${clients.toLocaleString("en-US")} sockets in one room`,
            measures: MEASURES,
            contestants: quick ? FEW : EVERYBODY,
            rounds: quick ? 1 : clients < 10_000 ? 3 : 2,
            round: (arena) => round(arena, clients, events),
          },
          setting,
        ),
      );
    }
    return together(answers, [
      `An event has about 250 bytes; ${DELIVERIES_PER_SECOND.toLocaleString("en-US")} deliveries a second are asked for, which two cores can do. Sockets are spread over 2 nodes, those without Redis have one. Processor time is that of the servers with the kernel's share, latency from the call to the client's process, and every delivery is counted: a round in which one is missing, doubled or out of order is void.`,
      "Livecache keeps the history of the room (500 events, 10 minutes) and sends each event with its cursor; nobody else in this table keeps anything but the streams adapter, which has one stream for all rooms.",
    ]);
  },
};
