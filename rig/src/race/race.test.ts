import { expect, test } from "vitest";
import { FEATURES } from "./features.ts";
import type { Feature } from "./features.ts";
import { PLANTS } from "./plants.ts";
import type { Plant } from "./plants.ts";
import { simulate } from "./sim.ts";
import type { SimOutcome } from "./sim.ts";
import type { SimOptions } from "./sim-world.ts";

const INTERLEAVINGS = 400;

/** The first seed from 1 on whose interleaving shows a stale read, and what was found. */
async function firstStale(most: number, options?: SimOptions): Promise<SimOutcome | undefined> {
  for (let seed = 1; seed <= most; seed++) {
    const outcome = await simulate(seed, options);
    if (outcome.stale.length > 0) return outcome;
  }
  return undefined;
}

test(
  `no stale read in ${INTERLEAVINGS} interleavings with drawn features`,
  { timeout: 120_000 },
  async () => {
    expect(await firstStale(INTERLEAVINGS)).toBeUndefined();
  },
);

test.each(FEATURES)("no stale read with %s alone", { timeout: 120_000 }, async (feature) => {
  expect(await firstStale(feature === "tiny-board" ? 2 : 40, { features: [feature] })).toBeUndefined();
});

/** Some bugs show seldom: within how many interleavings they are found. */
const SELDOM: Partial<Record<Plant, number>> = {
  "refresh-stores-unconditionally": 2_000,
  "near-without-lease": 2_000,
  "epoch-ignored": 1_000,
};

test.each(Object.keys(PLANTS) as Plant[])(
  "the planted bug %s is found, and was not there before",
  { timeout: 120_000 },
  async (plant) => {
    const features: readonly Feature[] = PLANTS[plant].features;
    const found = await firstStale(SELDOM[plant] ?? 200, { plant });
    expect(found?.stale).not.toEqual([]);
    expect((await simulate(found!.seed, { features })).stale).toEqual([]);
  },
);

/** What a feature has to lead to, somewhere in 60 interleavings. */
const LEADS_TO: readonly (readonly [Feature, (outcome: SimOutcome) => number | undefined])[] = [
  ["swr", ({ counts }) => counts.reasons["stale"]],
  ["grace", ({ counts }) => counts.reasons["grace"]],
  ["timeouts", ({ counts }) => counts.reasons["timeout"]],
  ["refresh", ({ counts }) => counts.refreshes],
  ["short-ttl", ({ counts }) => counts.reasons["expired"] ?? counts.reasons["absent"]],
  ["skip-store", ({ counts }) => counts.reasons["not-storable"]],
  ["evict-tags", ({ counts }) => counts.invalid],
  ["loss", ({ counts }) => counts.lost],
  ["away", ({ counts }) => counts.reasons["ground-away"]],
  ["epoch", ({ counts }) => counts.reasons["epoch"]],
];

test.each(LEADS_TO)("the feature %s leads to what it is for", { timeout: 120_000 }, async (feature, seen) => {
  let times = 0;
  for (let seed = 1; seed <= 60; seed++) times += seen(await simulate(seed, { features: [feature] })) ?? 0;
  expect(times).toBeGreaterThan(0);
});

test("equal seeds give equal interleavings, different seeds different ones", async () => {
  const seeds = Array.from({ length: 30 }, (_, index) => index + 1);
  const outcomes = await Promise.all([1, 2].map(() => outcomesOf(seeds)));
  expect(outcomes[0]).toEqual(outcomes[1]);
  expect(
    new Set(outcomes[0]!.map(({ counts }) => `${counts.reads} ${counts.writes} ${counts.loads}`)).size,
  ).toBeGreaterThan(10);
});

async function outcomesOf(seeds: readonly number[]): Promise<SimOutcome[]> {
  const outcomes: SimOutcome[] = [];
  for (const seed of seeds) outcomes.push(await simulate(seed));
  return outcomes;
}
