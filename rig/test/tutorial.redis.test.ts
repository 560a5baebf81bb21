import { expect, test } from "vitest";
import { TUTORIAL_CASES, runCase } from "../src/tutorial/run-cases.ts";

// The processes that are struck run what is built: run `npx tsc -b` first. `npm run by-hand` does the same several times, and the long case.

/** How long something that never ends is watched: eight times the deadline of a call. */
const PATIENCE_MS = 2_000;

const SHORT = TUTORIAL_CASES.filter(({ isLong }) => isLong !== true).map(
  (one) => [one.guarantee, one.fault, one] as const,
);

test.concurrent.each(SHORT)("%s: by hand, %s; with Livecache not", async (_guarantee, _fault, one) => {
  const { byHand, ours } = await runCase(one, PATIENCE_MS);
  expect(byHand.isFailed, `by hand: ${byHand.told}`).toBe(true);
  expect(ours.isFailed, `Livecache: ${ours.told}`).toBe(false);
});
