import type { Question } from "../../cache/question.ts";
import { runContest } from "../../measure/contest.ts";
import { underLoad } from "../../node/load.ts";
import { redisUsage } from "../../realtime/trial.ts";
import { GUARDED } from "../routes/roster.ts";
import { openSites } from "../site.ts";
import type { Site } from "../site.ts";

const FLOOR = "bare Express";
const CONNECTIONS = 64;
const MEASURES = {
  rps: { unit: "requests/s", better: "more" },
  p99: { unit: "ms", better: "less" },
  cpuUs: { unit: "µs of processor in the server", better: "less" },
  redisUs: { unit: "µs of Redis CPU", better: "less" },
} as const;

const urlOf = (port: number): string => `http://127.0.0.1:${port}/item`;

/** Makes sure that it lets in who may, and nobody else. */
async function verify({ nodes: [node] }: Site<"guarded">): Promise<void> {
  const url = urlOf(await node.port());
  const { status } = await fetch(url, { headers: await node.admitted() });
  if (status !== 200) throw new Error(`void: who may is answered ${status}`);
  const refused = await node.refused();
  if (!refused) return;
  for (const headers of [refused, {}]) {
    const answer = await fetch(url, { headers });
    if (answer.status !== 401) throw new Error(`void: who may not is answered ${answer.status}`);
  }
}

async function round(site: Site<"guarded">, ms: number): Promise<Record<string, number>> {
  const [node] = site.nodes;
  const [url, headers] = [urlOf(await node.port()), await node.admitted()];
  const [cpuBefore, redisBefore] = [await node.cpuUs(), await redisUsage(site)];
  const { rps, p99, answered } = await underLoad(url, { ms, connections: CONNECTIONS, headers });
  return {
    rps,
    p99,
    cpuUs: ((await node.cpuUs()) - cpuBefore) / answered,
    redisUs: ((await redisUsage(site)).cpuUs - redisBefore.cpuUs) / answered,
  };
}

/** A route that knows who asks, that they still may, and how often they did. */
export const guarded: Question = {
  name: "guarded",
  question: "What does it cost a request to be identified, guarded and limited?",
  async run({ quick, random }) {
    const inCase = "GET of a small body in Express";
    const sites = await openSites(Object.keys(GUARDED), { area: "guarded", inCase, prepare: verify });
    const answer = await runContest(
      {
        case: inCase,
        measures: MEASURES,
        floor: FLOOR,
        rounds: quick ? 1 : 3,
        entrants: sites.open.map((site) => ({
          name: site.name,
          round: () => round(site, quick ? 400 : 3_000),
        })),
      },
      random,
    );
    await sites.close();
    return {
      figures: answer.figures,
      failures: [...sites.failures, ...answer.failures],
      notes: [
        `${CONNECTIONS} connections, all of one user. **session by hand** is express-session with connect-redis and rate-limiter-flexible; **token by hand** is \`jose\`, an EXISTS on a blacklist and rate-limiter-flexible. Livecache has \`guard\` and \`limited\`, with its headers, after \`identify\`. Everybody turns away who has signed out, or whose token is revoked; that is tried before.`,
      ],
    };
  },
};
