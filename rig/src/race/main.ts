import { parseArgs } from "node:util";
import { raceInMemory } from "./memory-race.ts";
import { raceOnRedis } from "./redis-race.ts";
import { FEATURES, parseFeatures } from "./features.ts";
import { PLANTS } from "./plants.ts";
import type { Plant } from "./plants.ts";
import type { SimOptions } from "./sim-world.ts";

const PLANT_NAMES = Object.keys(PLANTS) as Plant[];

const HELP = `Searches for stale reads: seeded interleavings of slow loads, changes and reads, judged by a history checker.

  npm run race -- [--interleavings 20000] [--seed 1] [--ground memory|redis] [--features all] [--plant BUG]

  --features   all: each seed draws a combination; or some of them with commas between (memory only):
               ${FEATURES.join(" ")}
  --plant      a bug that the checker has to find (memory only; with the features that it shows by):
               ${Object.keys(PLANTS).join(" ")}

The last line is one JSON object; exit code 1 when a stale read was found.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      interleavings: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      ground: { type: "string", default: "memory" },
      features: { type: "string" },
      plant: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const order = readOrder(values);
  if (typeof order === "string") {
    process.stderr.write(`${order}\n\n${HELP}\n`);
    return 2;
  }
  const { interleavings, seed, isMemory, ...options } = order;
  const found = await (isMemory
    ? raceInMemory(interleavings, seed, options)
    : raceOnRedis(interleavings, seed));
  const { ground, plant } = values;
  process.stdout.write(`${JSON.stringify({ ...found, seed, ground, plant })}\n`);
  return found.stale > 0 ? 1 : 0;
}

interface Order extends SimOptions {
  readonly interleavings: number;
  readonly seed: number;
  readonly isMemory: boolean;
}

/** Reads the arguments, or says what is wrong with them. */
function readOrder(
  values: Readonly<Record<"interleavings" | "seed" | "ground", string>> & {
    readonly features?: string | undefined;
    readonly plant?: string | undefined;
  },
): Order | string {
  const interleavings = Number(values.interleavings);
  const seed = Number(values.seed);
  if (!(interleavings >= 1 && Number.isSafeInteger(interleavings)))
    return "interleavings: a whole number from 1";
  if (!Number.isSafeInteger(seed)) return "seed: a whole number";
  const { ground, plant } = values;
  const isMemory = ground === "memory";
  if (!isMemory && ground !== "redis") return "ground: memory or redis";
  if (!isMemory && (plant ?? values.features ?? "all") !== "all") return "features and plants: memory only";
  const bug = PLANT_NAMES.find((name) => name === plant);
  if (bug !== plant) return `plant: no bug ${JSON.stringify(plant)}`;
  try {
    const features = values.features === undefined ? undefined : parseFeatures(values.features);
    return { interleavings, seed, isMemory, features, plant: bug };
  } catch (error) {
    return String(error);
  }
}

process.exitCode = await main();
