import type { Question, RunSetting } from "../../cache/question.ts";
import type { Arena } from "../arena.ts";
import { CLUSTERED, runTrial, together } from "../trial.ts";

const LOAD_MS = 50;

const MEASURES = {
  ms: { unit: "ms until every screen was new", better: "less" },
  loads: { unit: "origin loads", better: "less" },
  requests: { unit: "requests for each screen", better: "less" },
  pushed: { unit: "% of screens that were pushed to", better: "more" },
  held: { unit: "ms the event loop was held at most", better: "less" },
} as const;

async function round({ contestant, connect, load, nodes, ports }: Arena, clients: number) {
  // Livecache's clients watch what they show; the others are told in a room that something has changed.
  const rooms = contestant.startsWith("livecache") ? [] : [{ kind: "lobby", members: clients } as const];
  await connect({ clients, rooms });
  await load.look(ports);
  const loads = async (): Promise<number> =>
    (await Promise.all(nodes.map((node) => node.loads()))).reduce((sum, one) => sum + one, 0);
  const before = await loads();
  await Promise.all(nodes.map((node) => node.begin()));
  const { startedUs } = await nodes[0].publish({
    kind: "lobby",
    rooms: 1,
    events: 1,
    from: 1,
    perSecond: 1,
    padBytes: 10,
    tags: ["item"],
  });
  const { tookMs, requests, pushed } = await load.converged(startedUs, 60_000);
  const used = await Promise.all(nodes.map((node) => node.used()));
  return {
    ms: tookMs,
    loads: (await loads()) - before,
    requests: requests / clients,
    pushed: (pushed / clients) * 100,
    held: Math.max(...used.map(({ loopMaxMs }) => loopMaxMs)),
  };
}

/** Everybody looks at one page, and it changes. */
export const watchers: Question = {
  name: "watchers",
  question:
    "10,000 people look at one page and it changes: when does the last one see it, and what does it cost?",
  async run(setting: RunSetting) {
    const { quick } = setting;
    const clients = quick ? 1_000 : 10_000;
    const answer = await runTrial(
      {
        case: `${clients.toLocaleString("en-US")} watchers over 2 nodes`,
        measures: MEASURES,
        contestants: [...(quick ? (["livecache"] as const) : CLUSTERED), "livecache (push)"],
        loadMs: LOAD_MS,
        floor: { name: "one load", numbers: { ms: LOAD_MS, loads: 1, requests: 1 } },
        rounds: quick ? 1 : 3,
        round: (arena) => round(arena, clients),
      },
      setting,
    );
    return together(
      [answer],
      [
        `A load takes ${LOAD_MS} ms. With Livecache the page is a cached route that everybody watches. The others do what tutorials show: GET and SETEX in Redis, DEL after the write, an event to a room, and a refetch by every client within 500 ms. A client of Livecache takes the time that the server tells it. With push the route has \`push: true\`: the new content is sent to everybody, as the difference to the old where that is smaller.`,
      ],
    );
  },
};
