import type { TakenRecord } from "../checkers/limits.ts";
import type { LoadParts } from "./load-parts.ts";
import type { Place } from "./site.ts";

/** Takings from limits that are soon used up. */
export interface LimitLoad {
  take(place: Place): Promise<void>;
}

/** Makes it. */
export function createLimitLoad({ histories, random, asker, note }: LoadParts): LimitLoad {
  return {
    async take(place) {
      const limit = random.pick(["plain", "strict"] as const);
      const subject = "everybody";
      const answer = await asker.ask(place, `POST /take/${limit}/${subject}`);
      if (!note("take", place, answer) || answer.status !== 200) return;
      const { callMs, returnMs, body } = answer;
      const scope = body["scope"] as TakenRecord["scope"];
      const outcome = `take: ${body["allowed"] === true ? "allowed" : "refused"}, ${scope}`;
      histories.counts[outcome] = (histories.counts[outcome] ?? 0) + 1;
      if (body["allowed"] === true) histories.taken[limit].push({ subject, callMs, returnMs, scope });
    },
  };
}
