import { parseArgs } from "node:util";
import { raceInMemory } from "./memory-race.ts";
import { raceOnRedis } from "./redis-race.ts";
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

process.exitCode = await main();
