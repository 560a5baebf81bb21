import type { Question } from "../../cache/question.ts";
import { runContest } from "../../measure/contest.ts";
import { openSites } from "../site.ts";
import type { Site } from "../site.ts";
import { SESSIONS } from "../sessions/roster.ts";
import { signIn } from "../sessions/visitor.ts";

const WRITERS = 3;

/** Three requests at a time, each with a field of its own; then the session is asked which fields it has. */
async function round({ nodes: [node] }: Site<"sessions">, sessions: number): Promise<Record<string, number>> {
  const port = await node.shop();
  let kept = 0;
  for (let index = 0; index < sessions; index++) {
    const visitor = await signIn(port, `writer-${index}`);
    await Promise.all(Array.from({ length: WRITERS }, (_, field) => visitor.post(`/set/field-${field}`)));
    kept += Number((await visitor.get("/fields"))["fields"]);
  }
  return { lost: sessions * WRITERS - kept };
}

/** Requests of one session that run at the same time. */
export const sessionRace: Question = {
  name: "session-race",
  question: "Three requests write to one session at the same time: how many fields are lost?",
  async run({ quick, random }) {
    const sessions = quick ? 50 : 200;
    const inCase = `${sessions} sessions, ${WRITERS} fields each`;
    const sites = await openSites(Object.keys(SESSIONS), { area: "sessions", inCase });
    const answer = await runContest(
      {
        case: inCase,
        measures: { lost: { unit: `fields lost of ${sessions * WRITERS}`, better: "less" } },
        rounds: quick ? 1 : 3,
        warmUps: 0,
        entrants: sites.open.map((site) => ({ name: site.name, round: () => round(site, sessions) })),
      },
      random,
    );
    await sites.close();
    return {
      figures: answer.figures,
      failures: [...sites.failures, ...answer.failures],
      notes: [
        "Through Express and express-session. All three requests have read the session before the first of them saves it: they overlap on purpose.",
      ],
    };
  },
};
