import { raceOnRedis } from "@livecache/rig";
import { expect, test } from "vitest";

const INTERLEAVINGS = 1_000;
const SEED = Number(process.env["RACE_SEED"] ?? 1);

/** What has to be met by the way, or the search has proved nothing. */
const ANSWERS = [
  "hit-near",
  "hit-far",
  "joined",
  "changed",
  "expired",
  "not-storable",
  "stale",
  "grace",
  "timeout",
];

test(
  `G1 G2 G3: no stale read in ${INTERLEAVINGS} interleavings of two processes on Redis, with features of freshness`,
  { timeout: 300_000 },
  async () => {
    const found = await raceOnRedis(INTERLEAVINGS, SEED);
    const { interleavings, stale, staleSeeds } = found;
    expect({ interleavings, stale, staleSeeds }, `first seed ${SEED}`).toEqual({
      interleavings: INTERLEAVINGS,
      stale: 0,
      staleSeeds: [],
    });
    expect(found.writes).toBeGreaterThan(INTERLEAVINGS);
    expect(found.loads).toBeLessThan(found.reads);
    expect(found.refreshes).toBeGreaterThan(INTERLEAVINGS / 100);
    expect(Object.keys(found.reasons)).toEqual(expect.arrayContaining(ANSWERS));
  },
);
