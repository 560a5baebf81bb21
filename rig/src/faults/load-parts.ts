import type { SeededRandom } from "../random.ts";
import type { Answer, Asker, NoAnswer } from "./ask.ts";
import type { Histories } from "./histories.ts";
import type { Place, Site } from "./site.ts";

/** What all parts of the load work with. */
export interface LoadParts {
  readonly site: Site;
  readonly histories: Histories;
  readonly random: SeededRandom;
  readonly asker: Asker;
  readonly channels: number;
  /** Counts an answer, and times it. `false`: there was none. */
  readonly note: (what: string, place: Place, answer: Answer | NoAnswer) => answer is Answer;
}

/** Answers that a node may give while Redis does not serve it; a read and a change have none. */
const EXPECTED = new Set([
  ...["LIVE_GROUND_AWAY", "LIVE_GROUND_TIMEOUT", "LIVE_GROUND_BUSY", "LIVE_GROUND_REFUSED"],
  "LIVE_REVOCATION_PENDING",
]);

/** Notes answers in the histories. */
export function createNote({ counts, requests, findings }: Histories): LoadParts["note"] {
  return (what, place, answer): answer is Answer => {
    const { status, callMs, returnMs } = answer;
    const isStruck = place.isStruck || place.process.ended() !== undefined;
    const cause =
      "cause" in answer
        ? `no answer to ${what}, ${isStruck ? "struck" : "well"}: ${answer.cause}`
        : undefined;
    const code = "body" in answer ? String(answer.body["code"] ?? "") : "";
    const outcome = cause ?? (status === 200 ? what : `${what} ${code}`);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    const time = { what, node: place.name, atMs: callMs, tookMs: returnMs - callMs };
    if (cause !== undefined) {
      // Waiting in vain is the longest wait of all.
      if (!isStruck) requests.push(time);
      return false;
    }
    const mayFail = EXPECTED.has(code) && !/^(read|change)/.test(what);
    if (status !== 200 && !mayFail) {
      const text = `${what} on ${place.name}: ${status} ${JSON.stringify((answer as Answer).body).slice(0, 200)}`;
      findings.push({ checker: "answers", atMs: callMs, text });
    }
    requests.push(time);
    return true;
  };
}
