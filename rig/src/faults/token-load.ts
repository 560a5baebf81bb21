import type { RevokeRecord, TokenCheckRecord } from "../checkers/revocation.ts";
import type { LoadParts } from "./load-parts.ts";
import type { Place } from "./site.ts";

/** Tokens that are revoked, and checked before and after. */
export interface TokenLoad {
  revoke(place: Place): Promise<void>;
  check(place: Place): Promise<void>;
  /** Whoever revoked something that waits, and lives, has told it by now. */
  settle(alive: ReadonlySet<string>, nowMs: number): void;
  /** Checks the last revoked tokens on a node. */
  sweep(place: Place): Promise<void>;
}

/** Tokens that are checked beside those that were revoked. */
const SPARE = 50;
const SWEPT = 200;

/** Makes it. */
export function createTokenLoad({ histories, random, asker, note }: LoadParts): TokenLoad {
  const { revokes, checks } = histories;
  let waiting: RevokeRecord[] = [];
  let revoked = 0;
  const tokenName = (number: number): string => `t${number}`;

  async function check(place: Place, token: string): Promise<void> {
    const answer = await asker.ask(place, `GET /check/${token}`);
    if (!note("check", place, answer) || answer.status !== 200) return;
    const verdict = answer.body["verdict"] as TokenCheckRecord["verdict"];
    const { node, callMs, returnMs } = answer;
    checks.push({ token, node, callMs, returnMs, verdict });
    histories.counts[`check: ${verdict}`] = (histories.counts[`check: ${verdict}`] ?? 0) + 1;
  }

  return {
    async revoke(place) {
      const token = tokenName(revoked++);
      const answer = await asker.ask(place, `POST /revoke/${token}`);
      const { callMs, returnMs } = answer;
      const said = note("revoke", place, answer);
      const isPending = said && answer.body["code"] === "LIVE_REVOCATION_PENDING";
      const outcome = said && answer.status === 200 ? "done" : isPending ? "pending" : "unknown";
      const record: RevokeRecord = {
        token,
        node: said ? answer.node : place.name,
        callMs,
        returnMs,
        outcome,
      };
      revokes.push(record);
      if (isPending) waiting.push(record);
    },
    check(place) {
      // Mostly what was revoked a moment ago, or is about to be.
      const back = random.integer(4) === 0 ? random.integer(revoked + 1) : random.integer(12);
      const isAhead = random.integer(6) === 0;
      const number = isAhead ? revoked + 1 + random.integer(SPARE) : Math.max(0, revoked - 1 - back);
      return check(place, tokenName(number));
    },
    settle(alive, nowMs) {
      for (const record of waiting) {
        if (alive.has(record.node)) revokes.push({ ...record, returnMs: nowMs, outcome: "done" });
      }
      waiting = [];
    },
    async sweep(place) {
      for (let number = Math.max(0, revoked - SWEPT); number < revoked; number++) {
        await check(place, tokenName(number));
      }
    },
  };
}
