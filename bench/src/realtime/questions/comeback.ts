import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import { EVERYBODY, FEW, runTrial, together } from "../trial.ts";

const MEMBERS = 9;
const SPREAD_MS = 1_000;

const MEASURES = {
  ms: { unit: "ms until the last one was back", better: "less" },
  held: { unit: "ms the event loop was held, p99", better: "less" },
  max: { unit: "ms at most", better: "less" },
  attempts: { unit: "attempts for each socket", better: "less" },
} as const;

async function round(arena: Arena, clients: number) {
  const { connect, load, nodes, ports, addNode } = arena;
  const port = ports[0]!;
  await connect({ clients, ports: [port], rooms: [{ kind: "room", members: MEMBERS }], resumes: true });
  await load.begin();
  const common = { kind: "room", rooms: clients / MEMBERS, padBytes: 50, perSecond: 2_000 } as const;
  await nodes[0].publish({ ...common, from: 1, events: 1 });
  await load.arrived(clients, 20_000);
  await nodes[0].kill();
  const startedAt = performance.now();
  const node = await addNode(port);
  await node.begin();
  const { attempts } = await load.comeBack({ ports: [port], spreadMs: SPREAD_MS, withinMs: 90_000 });
  const ms = performance.now() - startedAt;
  const { loopMaxMs, loopP99Ms } = await node.used();
  const open = await load.openCount();
  if (open !== clients) throw new Error(`void: ${open} of ${clients} sockets are open`);
  return { ms, held: loopP99Ms, max: loopMaxMs, attempts: attempts / clients };
}

/** A node is killed and started again; all its sockets come back. */
export const comeback: Question = {
  name: "comeback",
  question: "A node with 9,000 sockets is killed and started again: when are they all back?",
  isLong: true,
  async run(setting: RunSetting) {
    const { quick } = setting;
    const clients = quick ? 900 : 9_000;
    const answer = await runTrial(
      {
        case: `${clients.toLocaleString("en-US")} sockets in rooms of ${MEMBERS}`,
        measures: MEASURES,
        contestants: quick ? FEW : EVERYBODY,
        rounds: quick ? 1 : 3,
        round: (arena) => round(arena, clients),
      },
      setting,
    );
    return together(
      [answer],
      [
        `From SIGKILL to the last socket that is in its room again; the start of the new process is in it. Each client waits a random part of ${SPREAD_MS} ms and tries again after a growing random pause. Livecache's clients present their cursor, and the server looks up whether they missed anything.`,
      ],
    );
  },
};
