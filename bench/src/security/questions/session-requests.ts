import type { RedisProcess } from "@livecache/rig";
import type { Question } from "../../cache/question.ts";
import { runContest } from "../../measure/contest.ts";
import { percentile } from "../../measure/statistics.ts";
import { pause, redisUsage } from "../../realtime/trial.ts";
import { openSites } from "../site.ts";
import type { Site } from "../site.ts";
import { SESSIONS } from "../sessions/roster.ts";
import { signIn } from "../sessions/visitor.ts";

const FLOOR = "connect-redis";
const MEASURES = {
  writes: { unit: "commands that write", better: "less" },
  p50: { unit: "µs", better: "less" },
  p99: { unit: "µs", better: "less" },
  redisUs: { unit: "µs of Redis CPU per request", better: "less" },
} as const;
const WRITES =
  /^cmdstat_(?:set|setex|psetex|getex|del|unlink|p?expire|p?expireat|h(?:m?set|setnx|del|incrby)|incr|incrby|z(?:add|rem|remrangebyscore)|s(?:add|rem)|xadd):calls=(\d+)/gm;
/** What is written without any request, such as the heartbeat of a node, is measured for so long and taken off. */
const IDLE_MS = 1_000;

async function writesOf(redis: RedisProcess): Promise<number> {
  const told = await redis.command("INFO commandstats");
  return [...told.matchAll(WRITES)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}

async function round(
  site: Site<"sessions">,
  user: string,
  requests: number,
): Promise<Record<string, number>> {
  const { redis, nodes } = site;
  const visitor = await signIn(await nodes[0].shop(), user);
  const idleFrom = await writesOf(redis);
  await pause(IDLE_MS);
  const [writes, { cpuUs }] = [await writesOf(redis), await redisUsage(site)];
  const perMs = (writes - idleFrom) / IDLE_MS;
  const startedAt = performance.now();
  const times: number[] = [];
  for (let i = 0; i < requests; i++) {
    const begunAt = performance.now();
    const { user: told } = await visitor.get("/page");
    times.push((performance.now() - begunAt) * 1_000);
    if (told !== user) throw new Error(`void: the session of ${user} said ${String(told)}`);
  }
  const idle = perMs * (performance.now() - startedAt);
  const used = (await redisUsage(site)).cpuUs - cpuUs;
  return {
    writes: Math.max(0, Math.round((await writesOf(redis)) - writes - idle)),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    redisUs: used / requests,
  };
}

/** Whether looking at pages writes. */
export const sessionRequests: Question = {
  name: "session-requests",
  question: "One visitor looks at 1,000 pages: what is written?",
  async run({ quick, random }) {
    const requests = 1_000;
    const inCase = "1,000 requests of one session through Express and express-session";
    const sites = await openSites(Object.keys(SESSIONS), { area: "sessions", inCase });
    let run = 0;
    const answer = await runContest(
      {
        case: inCase,
        measures: MEASURES,
        floor: FLOOR,
        rounds: quick ? 1 : 5,
        warmUps: quick ? 0 : 1,
        entrants: sites.open.map((site) => ({
          name: site.name,
          round: () => round(site, `visitor-${++run}`, requests),
        })),
      },
      random,
    );
    await sites.close();
    return {
      figures: answer.figures,
      failures: [...sites.failures, ...answer.failures],
      notes: [
        "`resave: false`, and no request changes the session, one request after the other. What a node writes without any request (its heartbeat) is measured before and taken off the commands; it is in the Redis CPU.",
      ],
    };
  },
};
