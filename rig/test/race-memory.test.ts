import { FEATURES, raceInMemory } from "@livecache/rig";
import { expect, test } from "vitest";

const INTERLEAVINGS = 2_500;
const SEED = Number(process.env["RACE_SEED"] ?? 1);

/** What a search that has met everything has counted, per interleaving: about half of what it usually is. */
const LEAST_PER_INTERLEAVING = {
  reads: 5,
  writes: 1.5,
  loads: 4,
  refreshes: 0.05,
  invalid: 0.5,
  refused: 0.3,
  lost: 0.2,
};
const LEAST_ANSWERS = {
  "hit-near": 0.5,
  "hit-far": 0.4,
  joined: 1,
  stale: 0.03,
  grace: 0.005,
  timeout: 0.02,
  expired: 0.05,
  changed: 0.2,
  epoch: 0.01,
  fenced: 0.004,
  "ground-away": 0.1,
  "not-storable": 0.2,
};

test(
  `G1 G2 G3: no stale read in ${INTERLEAVINGS} seeded interleavings with every feature that touches freshness`,
  { timeout: 600_000 },
  async () => {
    const found = await raceInMemory(INTERLEAVINGS, SEED);
    const { interleavings, stale, staleSeeds } = found;
    expect({ interleavings, stale, staleSeeds }, `first seed ${SEED}`).toEqual({
      interleavings: INTERLEAVINGS,
      stale: 0,
      staleSeeds: [],
    });
    // An interleaving that meets nothing proves nothing.
    const tooFew = [
      ...Object.entries(LEAST_PER_INTERLEAVING).map(
        ([name, least]) => [name, found[name as "reads"], least] as const,
      ),
      ...Object.entries(LEAST_ANSWERS).map(
        ([name, least]) => [name, found.reasons[name] ?? 0, least] as const,
      ),
    ].filter(([, count, least]) => count < least * INTERLEAVINGS);
    expect(tooFew).toEqual([]);
    expect(Object.keys(found.features).sort()).toEqual([...FEATURES].sort());
  },
);
