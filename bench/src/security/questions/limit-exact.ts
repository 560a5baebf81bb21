import type { Question } from "../../cache/question.ts";
import { runContest } from "../../measure/contest.ts";
import type { LimiterName } from "../limits/roster.ts";
import { openSites } from "../site.ts";
import type { Site } from "../site.ts";

const PROCESSES = 4;
const LIMIT = 1_000;
/** All processes together take so many times the limit. */
const TIMES = 4;
const EVERYBODY: readonly LimiterName[] = [
  "livecache",
  "livecache (GCRA)",
  "rate-limiter-flexible",
  "raw INCR",
];

const MEASURES = {
  allowed: { unit: "allowed", better: "less" },
  alone: { unit: "decided without Redis so far", better: "less" },
} as const;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

async function round({ nodes }: Site<"limits">, subject: string): Promise<Record<string, number>> {
  const each = (LIMIT * TIMES) / PROCESSES;
  const allowed = await Promise.all(nodes.map((node) => node.allowed(subject, each)));
  const alone = await Promise.all(nodes.map((node) => node.alone()));
  return { allowed: sum(allowed), alone: sum(alone) };
}

/** Whether processes that take at the same time are allowed exactly what the limit says. */
export const limitExact: Question = {
  name: "limit-exact",
  question: "When 4 processes take at once, how much is allowed of a limit of 1,000?",
  async run({ quick, random }) {
    const inCase = `${(LIMIT * TIMES).toLocaleString("en-US")} takes of one subject, ${PROCESSES} processes`;
    const sites = await openSites(quick ? EVERYBODY.slice(0, 3) : EVERYBODY, {
      area: "limits",
      processes: PROCESSES,
      inCase,
      // So long a window gives nothing back while it is measured, whatever the algorithm.
      prepare: ({ nodes }) =>
        Promise.all(nodes.map((node) => node.limit({ limit: LIMIT, windowS: 30 * 86_400 }))),
    });
    let run = 0;
    const answer = await runContest(
      {
        case: inCase,
        measures: MEASURES,
        floor: { name: "the limit", numbers: { allowed: LIMIT } },
        rounds: quick ? 1 : 10,
        entrants: sites.open.map((site) => ({ name: site.name, round: () => round(site, `run-${++run}`) })),
      },
      random,
    );
    await sites.close();
    return {
      figures: answer.figures,
      failures: [...sites.failures, ...answer.failures],
      notes: [
        `Each process begins ${(LIMIT * TIMES) / PROCESSES} takes in one turn of its event loop. On a machine so busy that Redis does not answer within Livecache's deadline, nodes decide by their share of the limit: such takes are counted, and only they can go above it.`,
      ],
    };
  },
};
