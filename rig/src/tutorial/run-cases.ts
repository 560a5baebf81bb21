import { CACHE_CASES } from "./cache-cases.ts";
import { OUTAGE_CASES } from "./outage-cases.ts";
import { SECURITY_CASES } from "./security-cases.ts";
import { onSite } from "./site.ts";
import { SOCKET_CASES } from "./socket-cases.ts";
import type { Outcome, TutorialCase } from "./tutorial-case.ts";

/** All of them, those that take long at the end. */
export const TUTORIAL_CASES: readonly TutorialCase[] = [
  ...CACHE_CASES,
  ...SECURITY_CASES,
  ...SOCKET_CASES,
  ...OUTAGE_CASES,
];

/** Both sides of a case, once. */
export interface BothSides {
  readonly byHand: Outcome;
  readonly ours: Outcome;
}

/** Runs both sides of a case side by side, each on a Redis of its own. `patienceMs`: how long something that never ends is watched. */
export async function runCase(one: TutorialCase, patienceMs: number): Promise<BothSides> {
  const [byHand, ours] = await Promise.all([onSite(patienceMs, one.byHand), onSite(patienceMs, one.ours)]);
  return { byHand, ours };
}
