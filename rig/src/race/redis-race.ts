import { machineMs } from "../machine-ms.ts";
import { startNode } from "../node-process.ts";
import type { NodeProcess } from "../node-process.ts";
import { startRedis } from "../redis-process.ts";
import { createCounts, createTally } from "./figures.ts";
import type { RaceFigures } from "./figures.ts";
import { findStale } from "./history.ts";
import { RACERS, planRace } from "./race-plan.ts";
import type { RaceShare } from "./racer.ts";

const LEASE_MS = 1_000;

/** How many interleavings run beside each other, so that processes and Redis are busy. */
const ABREAST = 20;

/** How long both processes get to join an interleaving before it starts. */
const LEAD_MS = 30;

/** Runs seeded interleavings over two processes on one real Redis, and judges what they saw. */
export async function raceOnRedis(interleavings: number, firstSeed: number): Promise<RaceFigures> {
  const redis = await startRedis();
  const nodes = await Promise.all(
    RACERS.map((name) => startNode(new URL("./race-node.js", import.meta.url), { args: [name, redis.url] })),
  );
  const tally = createTally((line) => process.stderr.write(`${line}\n`));
  let next = firstSeed;
  const lane = async (): Promise<void> => {
    while (next < firstSeed + interleavings) {
      const seed = next++;
      const shares = await raceOnce(nodes, seed);
      const writes = shares.flatMap((share) => share.writes);
      const reads = shares.flatMap((share) => share.reads);
      const counts = createCounts();
      counts.reads = reads.length;
      counts.writes = writes.length;
      for (const name of ["loads", "refreshes", "failed"] as const) {
        counts[name] = shares.reduce((sum, share) => sum + share[name], 0);
      }
      for (const { reason } of reads) counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
      tally.add(seed, {
        stale: findStale(writes, reads, LEASE_MS),
        features: planRace(seed).features,
        counts,
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: ABREAST }, lane));
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
    await redis.close();
  }
  return tally.figures();
}

async function raceOnce(nodes: readonly NodeProcess[], seed: number): Promise<readonly RaceShare[]> {
  const startsAtMs = machineMs() + LEAD_MS;
  return Promise.all(nodes.map((node) => node.call("run", seed, startsAtMs) as Promise<RaceShare>));
}
