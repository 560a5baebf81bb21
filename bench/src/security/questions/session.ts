import type { Question, RunSetting } from "../../cache/question.ts";
import { runContest } from "../../measure/contest.ts";
import { redisUsage, together } from "../../realtime/trial.ts";
import { openSites } from "../site.ts";
import type { Site } from "../site.ts";
import { SESSIONS } from "../sessions/roster.ts";
import type { SessionPlan } from "../sessions/session-acts.ts";

const FLOOR = "connect-redis";
const MEASURES = {
  p50: { unit: "µs", better: "less" },
  p99: { unit: "µs", better: "less" },
  perSecond: { unit: "op/s", better: "more" },
  redisUs: { unit: "µs of Redis CPU", better: "less" },
} as const;

/** One way of using sessions. */
interface Case extends Pick<SessionPlan, "act" | "concurrency"> {
  readonly name: string;
}

const CASES: readonly Case[] = [
  { name: "read, one at a time", act: "read", concurrency: 1 },
  { name: "read, 64 at a time", act: "read", concurrency: 64 },
  { name: "read and saved with one change, one at a time", act: "save", concurrency: 1 },
  { name: "read and saved with one change, 64 at a time", act: "save", concurrency: 64 },
  { name: "touched, 64 at a time", act: "touch", concurrency: 64 },
];

async function round(site: Site<"sessions">, plan: SessionPlan): Promise<Record<string, number>> {
  const before = await redisUsage(site);
  const { p50, p99, perSecond, done } = await site.nodes[0].times(plan);
  const redisUs = ((await redisUsage(site)).cpuUs - before.cpuUs) / done;
  return { p50, p99, perSecond, redisUs };
}

/** What a store of express-session costs. */
export const session: Question = {
  name: "session",
  question: "What does it cost to read, save and touch a session?",
  async run({ quick, random }: RunSetting) {
    const sessions = quick ? 1_000 : 10_000;
    const ms = quick ? 150 : 1_000;
    const sites = await openSites(Object.keys(SESSIONS), {
      area: "sessions",
      inCase: "all",
      prepare: ({ nodes: [node] }) => node.fill(sessions),
    });
    const answers = [];
    for (const { name, act, concurrency } of CASES) {
      const answer = await runContest(
        {
          case: name,
          measures: MEASURES,
          floor: FLOOR,
          rounds: quick ? 2 : 5,
          entrants: sites.open.map((site) => ({
            name: site.name,
            round: () => round(site, { act, concurrency, sessions, ms }),
          })),
        },
        random,
      );
      answers.push(answer);
    }
    await sites.close();
    return together(
      [{ figures: [], failures: sites.failures }, ...answers],
      [
        `Both through the store contract of express-session: \`get\`, \`set\`, \`touch\`; ${sessions.toLocaleString("en-US")} sessions of some 700 bytes, used in turn. connect-redis writes a session whole, whatever has changed in it, and every touch; Livecache sends the properties that have changed, keeps those that others have saved meanwhile, and writes a touch when a tenth of the idle time has passed.`,
      ],
    );
  },
};
