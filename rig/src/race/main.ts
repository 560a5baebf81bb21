import { parseArgs } from "node:util";
import { raceOnRedis } from "./redis-race.ts";
import { simulate } from "./sim.ts";
import type { Plant } from "./sim-ground.ts";

const HELP = `Searches for stale reads: seeded interleavings of slow loads, changes and reads, judged by a history checker.

  npm run race -- [--interleavings 20000] [--seed 1] [--ground memory|redis] [--plant BUG]

  --plant   stamp-after-load | push-before-apply | near-without-lease: the checker has to find it (memory only)

The last line is one JSON object; exit code 1 when a stale read was found.`;

const PLANTS: readonly Plant[] = ["stamp-after-load", "push-before-apply", "near-without-lease"];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      interleavings: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      ground: { type: "string", default: "memory" },
      plant: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const interleavings = Number(values.interleavings);
  const seed = Number(values.seed);
  const plant = PLANTS.find((name) => name === values.plant);
  const known = values.ground === "memory" || (values.ground === "redis" && !values.plant);
  if (
    !Number.isSafeInteger(interleavings) ||
    !Number.isSafeInteger(seed) ||
    !known ||
    plant !== values.plant
  ) {
    process.stderr.write(`Cannot run with ${JSON.stringify(values)}.\n\n${HELP}\n`);
    return 2;
  }
  const found =
    values.ground === "redis"
      ? await raceOnRedis(interleavings, seed)
      : await raceInMemory(interleavings, seed, plant);
  process.stdout.write(`${JSON.stringify({ ...found, seed, ground: values.ground, plant })}\n`);
  return found.stale > 0 ? 1 : 0;
}

/** What a search found. `staleSeeds` are the first few seeds to replay. */
export interface RaceFigures {
  readonly interleavings: number;
  readonly stale: number;
  readonly staleSeeds: readonly number[];
  readonly reads: number;
  readonly writes: number;
  readonly loads: number;
  readonly seconds: number;
}

async function raceInMemory(
  interleavings: number,
  firstSeed: number,
  plant: Plant | undefined,
): Promise<RaceFigures> {
  const startedAt = performance.now();
  const total = { stale: 0, reads: 0, writes: 0, loads: 0 };
  const staleSeeds: number[] = [];
  for (let seed = firstSeed; seed < firstSeed + interleavings; seed++) {
    const outcome = await simulate(seed, plant);
    total.reads += outcome.reads;
    total.writes += outcome.writes;
    total.loads += outcome.loads;
    if (outcome.stale.length === 0) continue;
    total.stale += outcome.stale.length;
    if (staleSeeds.push(seed) <= 3)
      process.stderr.write(`seed ${seed}: ${JSON.stringify(outcome.stale[0])}\n`);
  }
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  return { interleavings, ...total, staleSeeds: staleSeeds.slice(0, 10), seconds };
}

process.exitCode = await main();
