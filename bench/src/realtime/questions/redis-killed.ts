import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import { EVERYBODY, pause, runTrial, together } from "../trial.ts";

const CLIENTS = 20;
const PER_SECOND = 50;
const SECONDS = 9;
const KILLED_AFTER_MS = 2_000;
const AWAY_MS = 3_000;

const MEASURES = {
  maxMs: { unit: "ms, longest delivery on the publisher's own node", better: "less" },
  lost: { unit: "% of deliveries that never came", better: "less" },
  again: { unit: "deliveries twice or late", better: "less" },
  uncaught: { unit: "rejections that nobody caught", better: "less" },
} as const;

async function round({ connect, load, nodes, ports, redis }: Arena) {
  const [node] = nodes;
  await node.countUncaught();
  await connect({
    clients: CLIENTS,
    ports: [ports[0]!],
    rooms: [{ kind: "room", members: CLIENTS }],
    tracks: true,
  });
  const common = { kind: "room", rooms: 1, padBytes: 180, perSecond: PER_SECOND } as const;
  await load.begin();
  await node.publish({ ...common, from: 1, events: 20 });
  await load.arrived(20 * CLIENTS, 5_000);
  await load.begin();
  const events = SECONDS * PER_SECOND;
  const publishing = node.publish({ ...common, from: 21, events });
  await pause(KILLED_AFTER_MS);
  await redis.kill();
  await pause(AWAY_MS);
  await redis.restart();
  await Promise.race([publishing, pause(20_000)]);
  const { unique, again, maxMs } = await load.arrived(events * CLIENTS, 3_000);
  const lost = (1 - unique / (events * CLIENTS)) * 100;
  return { maxMs, lost, again: again / CLIENTS, uncaught: await node.uncaught() };
}

/** Redis dies under load, and comes back empty. */
export const redisKilled: Question = {
  name: "redis-killed",
  question: "Redis is killed for 3 s: how long do members on the publisher's own node wait?",
  isLong: true,
  async run(setting: RunSetting) {
    const answer = await runTrial(
      {
        case: `${PER_SECOND} events a second to ${CLIENTS} sockets of one node`,
        measures: MEASURES,
        contestants: EVERYBODY,
        floor: "socket.io (no Redis)",
        rounds: setting.quick ? 1 : 3,
        round,
      },
      setting,
    );
    return together(
      [answer],
      [
        "Redis gets SIGKILL after 2 s and is started again, empty, 3 s later. Rejections are counted instead of ending the process, as Node does by default: where the last column is not 0, the process would have ended. The floor is Socket.IO without Redis.",
        "Livecache tells local members at once, without a cursor, and once more with one when Redis is back; its client leaves those out, and so does this count.",
      ],
    );
  },
};
