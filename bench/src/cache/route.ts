import { isDeepStrictEqual } from "node:util";
import { startNode, startRedis } from "@livecache/rig";
import type { NodeProcess, RedisProcess } from "@livecache/rig";
import { reasonOf, runContest } from "../measure/contest.ts";
import type { Failure } from "../measure/figure.ts";
import { underLoad } from "../node/load.ts";
import { ROUTES } from "../routes/roster.ts";
import type { RouteName } from "../routes/roster.ts";
import { payloadMaker } from "../subject/payload.ts";
import type { Question } from "./question.ts";

const BYTES = 5_120;
const CONNECTIONS = 64;
const FLOOR: RouteName = "bare node:http";
/** Most of what the lane does not answer are the requests that give it its passes. */
const EARLY_SHARE = 0.95;
const CASE = "GET of 5 KB of JSON";
const QUICK: readonly RouteName[] = [
  FLOOR,
  "Express, constant",
  "livecache in Express",
  "livecache in the fast lane",
  "tutorial in Express",
  "async-cache-dedupe in Express",
];

/** A server that runs, behind its URL. */
export interface OpenServer {
  readonly name: RouteName;
  readonly url: string;
  readonly node: NodeProcess;
  readonly redis: RedisProcess;
}

/** Starts a server and makes sure that it answers what it has to, the first time and from the cache. */
export async function openServer(name: RouteName): Promise<OpenServer> {
  const redis = await startRedis();
  const node = await startNode(new URL("../node/route-node.js", import.meta.url), {
    args: [name, redis.url, `${BYTES}`],
  });
  const url = `http://127.0.0.1:${String(await node.call("port"))}/item`;
  const expected = payloadMaker(BYTES)("item:route");
  for (let i = 0; i < 3; i++) {
    const response = await fetch(url);
    const type = response.headers.get("content-type") ?? "";
    if (
      response.status !== 200 ||
      !type.startsWith("application/json") ||
      !isDeepStrictEqual(await response.json(), expected)
    ) {
      throw new Error(`void: answered ${response.status} ${type} with another body`);
    }
  }
  return { name, url, node, redis };
}

/** What the server has done so far. */
async function stateOf(
  node: NodeProcess,
): Promise<{ loads: number; early: number | undefined; cpuUs: number }> {
  const [loads, early, cpuUs] = await Promise.all([
    node.call("loads"),
    node.call("early"),
    node.call("cpuUs"),
  ]);
  return { loads: Number(loads), early: early as number | undefined, cpuUs: Number(cpuUs) };
}

/** One round; void when something else answered than what is measured. */
async function round({ url, node }: OpenServer, ms: number): Promise<Record<string, number>> {
  const before = await stateOf(node);
  const { rps, p99, answered } = await underLoad(url, { ms, connections: CONNECTIONS });
  const after = await stateOf(node);
  if (after.loads !== before.loads) throw new Error("void: the origin was asked while hits were timed");
  if (after.early !== undefined && after.early - before.early! < answered * EARLY_SHARE) {
    throw new Error(`void: the lane answered ${after.early - before.early!} of ${answered} requests`);
  }
  return { rps, p99, cpuUs: (after.cpuUs - before.cpuUs) / answered };
}

/** The same cached route behind every framework and cache, under load. */
export const route: Question = {
  name: "route",
  question: "How many requests a second does a cached 5 KB route answer?",
  async run({ quick, random }) {
    const failures: Failure[] = [];
    const open: OpenServer[] = [];
    async function enter(name: RouteName): Promise<OpenServer | undefined> {
      try {
        return await openServer(name);
      } catch (error) {
        failures.push({ case: CASE, contestant: name, why: reasonOf(error) });
        return undefined;
      }
    }
    const names = quick ? QUICK : (Object.keys(ROUTES) as RouteName[]);
    for (const server of await Promise.all(names.map(enter))) if (server) open.push(server);
    const answer = await runContest(
      {
        case: CASE,
        measures: {
          rps: { unit: "requests/s", better: "more" },
          p99: { unit: "ms", better: "less" },
          cpuUs: { unit: "µs of processor in the server", better: "less" },
        },
        floor: FLOOR,
        rounds: 3,
        ...(quick ? { budgetMs: 9_000 } : {}),
        entrants: open.map((one) => ({ name: one.name, round: () => round(one, quick ? 300 : 2_000) })),
      },
      random,
    );
    for (const { node, redis } of open) {
      await node.close();
      await redis.close();
    }
    return {
      figures: answer.figures,
      failures: [...failures, ...answer.failures],
      notes: [
        `${CONNECTIONS} connections by autocannon in the run's own process, one request on its way on each. The server has one core, the load generator the other; on the fastest servers the generator is the limit, and then the processor time for a request, measured in the server, is the fairer column.`,
      ],
    };
  },
};
