import type { Question } from "../../cache/question.ts";
import { runContest } from "../../measure/contest.ts";
import { percentile } from "../../measure/statistics.ts";
import { openSites } from "../site.ts";
import type { Site } from "../site.ts";
import { tokenIdOf } from "../tokens/token-id.ts";
import { openTokenSocket } from "../tokens/token-socket.ts";

const FLOOR = "raw publish";
const MEASURES = {
  refusedP50: { unit: "ms until refused on B, median", better: "less" },
  refusedP99: { unit: "ms until refused on B, 99th percentile", better: "less" },
  closedP50: { unit: "ms until its socket on B was closed, median", better: "less" },
  closedP99: { unit: "ms until its socket on B was closed, 99th percentile", better: "less" },
} as const;

/** Revocations on node A, one after the other: each of a token that node B is shown all the time, and that a socket of B was opened with. */
async function revokeEach({ name, nodes }: Site<"watch">, from: number, tokens: number) {
  const [a, b] = nodes as unknown as [(typeof nodes)[0], (typeof nodes)[0]];
  const port = await b.port();
  const ids = Array.from({ length: tokens }, (_, index) => tokenIdOf(from + index));
  const sockets = await Promise.all(ids.map((jti) => openTokenSocket(port, jti, name === FLOOR)));
  const [refused, closed]: [number[], number[]] = [[], []];
  try {
    for (const [index, jti] of ids.entries()) {
      await b.watch(jti);
      const { begunAtMs } = await a.revoke(jti);
      refused.push((await b.refusedAt())! - begunAtMs);
      closed.push((await sockets[index]!.closedAtMs()) - begunAtMs);
    }
  } finally {
    for (const socket of sockets) socket.end();
  }
  return {
    refusedP50: percentile(refused, 0.5),
    refusedP99: percentile(refused, 0.99),
    closedP50: percentile(closed, 0.5),
    closedP99: percentile(closed, 0.99),
  };
}

/** How long a token that is revoked on one node goes on being accepted on another. */
export const revokeLag: Question = {
  name: "revoke-lag",
  question: "After `revoke` on one node, when does another refuse the token and close its socket?",
  async run({ quick, random }) {
    const tokens = quick ? 50 : 200;
    const rounds = quick ? 2 : 5;
    const inCase = `${(tokens * rounds).toLocaleString("en-US")} tokens, 2 processes`;
    const sites = await openSites([FLOOR, "livecache"], { area: "watch", processes: 2, inCase });
    let next = 0;
    const answer = await runContest(
      {
        case: inCase,
        measures: MEASURES,
        floor: FLOOR,
        rounds,
        entrants: sites.open.map((site) => ({
          name: site.name,
          round: () => revokeEach(site, (next += tokens), tokens),
        })),
      },
      random,
    );
    await sites.close();
    return {
      figures: answer.figures,
      failures: [...sites.failures, ...answer.failures],
      notes: [
        "From the call of `revoke` on A. B tries the token in every turn of its event loop, and its client, a process of its own, notes when the socket was closed. The floor is a PUBLISH into a plain set and a map of sockets: nothing is stored, and whoever is not listening at that moment never hears of it.",
      ],
    };
  },
};
