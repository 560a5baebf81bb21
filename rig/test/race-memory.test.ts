import { raceInMemory } from "@livecache/rig";
import { expect, test } from "vitest";

const INTERLEAVINGS = 100_000;
const SEED = Number(process.env["RACE_SEED"] ?? 1);

test(
  `G1 G2 G3: no stale read in ${INTERLEAVINGS} seeded interleavings of two nodes`,
  { timeout: 600_000 },
  async () => {
    const found = await raceInMemory(INTERLEAVINGS, SEED);
    expect(found, `first seed ${SEED}`).toMatchObject({
      interleavings: INTERLEAVINGS,
      stale: 0,
      staleSeeds: [],
    });
    // The search has met what it is after: loads that overlapped with writes, and reads that were answered without a load.
    expect(found.writes).toBeGreaterThan(INTERLEAVINGS);
    expect(found.loads).toBeLessThan(found.reads);
  },
);
