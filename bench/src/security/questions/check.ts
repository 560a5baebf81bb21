import type { Question } from "../../cache/question.ts";
import { runContest } from "../../measure/contest.ts";
import { together } from "../../realtime/trial.ts";
import { openSites } from "../site.ts";
import { fillAll } from "../tokens/token-acts.ts";

const FLOOR = "plain Set";
const EVERYBODY = [FLOOR, "plain Map", "livecache", "raw EXISTS"] as const;
const MEASURES = {
  hitNs: { unit: "ns for a revoked one", better: "less" },
  missNs: { unit: "ns for a good one", better: "less" },
} as const;

/** Whether a token is revoked, asked for each request. */
export const check: Question = {
  name: "check",
  question: "How long does it take to see whether a token is revoked?",
  async run({ quick, random }) {
    const revoked = quick ? 20_000 : 1_000_000;
    const size = `${revoked.toLocaleString("en-US")} revoked tokens`;
    const sites = await openSites(EVERYBODY, {
      area: "tokens",
      inCase: size,
      prepare: ({ nodes: [node] }) => fillAll(node, revoked),
    });
    const answers = [];
    for (const withToken of [false, true]) {
      const answer = await runContest(
        {
          case: `${size}, ${withToken ? "looked for by jti and by the whole token" : "looked for by jti"}`,
          measures: MEASURES,
          floor: FLOOR,
          rounds: quick ? 2 : 7,
          entrants: sites.open.map(({ name, nodes: [node] }) => ({
            name,
            round: async () => {
              const checks = (quick ? 20_000 : 200_000) / (name === "raw EXISTS" ? 40 : 1);
              return { ...(await node.check({ revoked, checks, withToken, seed: random.integer(2 ** 30) })) };
            },
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
        "One process. Each check has strings of its own, as each request has; a jti is a UUID, a whole token 300 characters. **livecache** is `live.tokens.check` on Redis: it looks at expiry, at the user's and everybody's sign-out, and at how fresh its knowledge is. **plain Map** looks at expiry; **plain Set** at nothing else. **raw EXISTS** asks Redis, one check after the other.",
      ],
    );
  },
};
