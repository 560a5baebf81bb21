import { raceOnRedis } from "@livecache/rig";
import { expect, test } from "vitest";

const INTERLEAVINGS = 1_000;
const SEED = Number(process.env["RACE_SEED"] ?? 1);

test(
  `G1 G2 G3: no stale read in ${INTERLEAVINGS} interleavings of two processes on Redis`,
  { timeout: 300_000 },
  async () => {
    const found = await raceOnRedis(INTERLEAVINGS, SEED);
    expect(found, `first seed ${SEED}`).toMatchObject({
      interleavings: INTERLEAVINGS,
      stale: 0,
      staleSeeds: [],
    });
    expect(found.writes).toBeGreaterThan(INTERLEAVINGS);
    expect(found.loads).toBeLessThan(found.reads);
  },
);
