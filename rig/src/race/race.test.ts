import { expect, test } from "vitest";
import { simulate } from "./sim.ts";
import type { SimOutcome } from "./sim.ts";
import type { Plant } from "./sim-ground.ts";

const INTERLEAVINGS = 2_000;

/** The first seed from 1 on whose interleaving shows a stale read, and what was found. */
async function firstStale(most: number, plant?: Plant): Promise<SimOutcome | undefined> {
  for (let seed = 1; seed <= most; seed++) {
    const outcome = await simulate(seed, plant);
    if (outcome.stale.length > 0) return outcome;
  }
  return undefined;
}

test(`no stale read in ${INTERLEAVINGS} simulated interleavings`, { timeout: 120_000 }, async () => {
  expect(await firstStale(INTERLEAVINGS)).toBeUndefined();
});

test.each([
  ["stamp-after-load", 100, ["ground", "same-node", "after", "applied"]],
  ["push-before-apply", 100, ["after"]],
  ["near-without-lease", 1_000, ["lease", "applied"]],
] as const)(
  "the planted bug %s is found within %d interleavings",
  { timeout: 120_000 },
  async (plant, most, rules) => {
    const found = await firstStale(most, plant);
    expect(found?.stale.map(({ rule }) => rule)).toContainEqual(
      expect.toSatisfy((rule) => (rules as readonly string[]).includes(rule)),
    );
    expect((await simulate(found!.seed)).stale).toEqual([]);
  },
);

test("equal seeds give equal interleavings, different seeds different ones", async () => {
  const seeds = Array.from({ length: 30 }, (_, index) => index + 1);
  const outcomes = await Promise.all([1, 2].map(() => outcomesOf(seeds)));
  expect(outcomes[0]).toEqual(outcomes[1]);
  expect(
    new Set(outcomes[0]!.map(({ reads, writes, loads }) => `${reads} ${writes} ${loads}`)).size,
  ).toBeGreaterThan(10);
});

async function outcomesOf(seeds: readonly number[]): Promise<SimOutcome[]> {
  const outcomes: SimOutcome[] = [];
  for (const seed of seeds) outcomes.push(await simulate(seed));
  return outcomes;
}
