import { until } from "@livecache/rig";
import type { Question, RunSetting } from "../../cache/question.ts";
import { nowUs } from "../sites/site.ts";
import type { Arena } from "../arena.ts";
import { runTrial, together } from "../trial.ts";

const USERS = 100;
const HALL = "hall/0";
const WITHIN_MS = 60_000;
const GOAL_MS = 3_000;

const MEASURES = { ms: { unit: "ms that they were still there", better: "less" } } as const;

async function round({ contestant, connect, load, nodes, ports }: Arena) {
  const [doomed, other] = nodes;
  if (!other) throw new Error("there is no second node");
  const isOurs = contestant.startsWith("livecache");
  const observer = ports[1]!;
  await connect({
    clients: USERS + 1,
    ports: [...Array.from({ length: USERS }, () => ports[0]!), observer],
    rooms: [{ kind: "hall", members: USERS + 1 }],
  });
  const present = (): Promise<number> => (isOurs ? load.presentCount(HALL) : other.present(HALL));
  await until(async () => (await present()) === USERS + 1, { what: "everybody is there", withinMs: 10_000 });
  const killedUs = nowUs();
  await doomed.kill();
  if (isOurs) return { ms: ((await load.countBecomes(1, WITHIN_MS)) - killedUs) / 1_000 };
  await until(async () => (await present()) === 1, {
    what: "nobody but the observer is there",
    withinMs: WITHIN_MS,
  });
  return { ms: (nowUs() - killedUs) / 1_000 };
}

/** A node is killed, and its users with it. */
export const ghosts: Question = {
  name: "ghosts",
  question: "A node with 100 users is killed: how long do the others still see them?",
  isLong: true,
  async run(setting: RunSetting) {
    const answer = await runTrial(
      {
        case: "SIGKILL of one of 2 nodes",
        measures: MEASURES,
        contestants: ["livecache", "redis-adapter", "sharded adapter", "streams adapter"],
        floor: { name: "the goal of 3 s", numbers: { ms: GOAL_MS } },
        rounds: setting.quick ? 1 : 5,
        round,
      },
      setting,
    );
    return together(
      [answer],
      [
        "Livecache: until a client of the other node was told that they are gone. The others have no presence; theirs is the time until `fetchSockets()` on the other node answers without them, which nobody is told of. Of 5 rounds the slowest stands in the bracket.",
      ],
    );
  },
};
