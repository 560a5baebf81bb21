import type { Question } from "../../cache/question.ts";
import { runContest } from "../../measure/contest.ts";
import { redisUsage } from "../../realtime/trial.ts";
import { openSites } from "../site.ts";
import type { Site } from "../site.ts";
import { SESSIONS } from "../sessions/roster.ts";

const FLOOR = "connect-redis";
const MEASURES = {
  ms: { unit: "ms", better: "less" },
  redisMs: { unit: "ms of Redis CPU", better: "less" },
} as const;
/** Sessions of one user. */
const EACH = 10;

async function round(site: Site<"sessions">, user: number): Promise<Record<string, number>> {
  const before = await redisUsage(site);
  const { ms } = await site.nodes[0].signOut(user * EACH, (user + 1) * EACH);
  return { ms, redisMs: ((await redisUsage(site)).cpuUs - before.cpuUs) / 1_000 };
}

/** All sessions of one of many users. */
export const signOut: Question = {
  name: "sign-out",
  question: "How long does it take to sign one user out everywhere?",
  async run({ quick, random }) {
    const sessions = quick ? 10_000 : 200_000;
    const inCase = `${sessions.toLocaleString("en-US")} sessions, ${EACH} of them the user's`;
    const sites = await openSites(Object.keys(SESSIONS), {
      area: "sessions",
      inCase,
      prepare: ({ nodes: [node] }) => node.fill(sessions),
    });
    let user = 0;
    const answer = await runContest(
      {
        case: inCase,
        measures: MEASURES,
        floor: FLOOR,
        rounds: quick ? 2 : 5,
        entrants: sites.open.map((site) => ({ name: site.name, round: () => round(site, (user += 2)) })),
      },
      random,
    );
    await sites.close();
    return {
      figures: answer.figures,
      failures: [...sites.failures, ...answer.failures],
      notes: [
        "connect-redis has no index of users: its sessions are all read, and those of the user destroyed; one that is made meanwhile stays. Redis CPU has in it what a node asks anyway in that time.",
      ],
    };
  },
};
