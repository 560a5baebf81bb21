import { parseArgs } from "node:util";
import { playBatch } from "./run-batch.ts";
import { PLAYS } from "./schedule.ts";
import type { PlayName } from "./schedule.ts";
import { simulateAll } from "./simulate-all.ts";
import { SITE_PLANTS } from "./plants.ts";
import type { SitePlantName } from "./plants.ts";

const HELP = `Plays seeded schedules: the rooms of two nodes over a ground that delays, loses, repeats, rolls back and evicts; then
without faults, until everything is as it has to be.

  npm run simulate -- [--schedules 20000] [--seed 1] [--plays all] [--threads N] [--plant BUG] [--trace]

  --plays      all: each seed draws one or two; or some of them with commas between: ${PLAYS.join(" ")}
  --plant      a bug that has to be found: ${Object.keys(SITE_PLANTS).join(" ")}
  --trace      with --schedules 1: everything that goes between the nodes and the ground

The last line is one JSON object; exit code 1 when something was found.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      schedules: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      plays: { type: "string", default: "all" },
      threads: { type: "string" },
      plant: { type: "string" },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return say(HELP, 0);
  const order = readOrder(values);
  if (typeof order === "string") return say(`${order}\n\n${HELP}`, 2);
  const { schedules, seed, ...options } = order;
  if (values.trace) return trace(seed, order);
  const figures = await simulateAll(schedules, seed, options);
  for (const found of figures.findings) {
    process.stdout.write(`seed ${found.seed}: ${found.rule}: ${found.details}\n`);
  }
  process.stdout.write(`${JSON.stringify({ seed, ...figures })}\n`);
  return figures.found > 0 ? 1 : 0;
}

function say(text: string, code: number): number {
  (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  return code;
}

/** Plays one schedule, with everything that goes between the nodes and the ground. */
async function trace(seed: number, { plays, plant }: Order): Promise<number> {
  const { findings } = await playBatch(seed, seed + 1, {
    plays,
    plant: plant && SITE_PLANTS[plant].plant,
    traced: { seed, write: (line) => process.stdout.write(`${line}\n`) },
  });
  process.stdout.write(`${JSON.stringify({ seed, schedules: 1, found: findings.length, findings })}\n`);
  return findings.length > 0 ? 1 : 0;
}

interface Order {
  readonly schedules: number;
  readonly seed: number;
  readonly plays: readonly PlayName[] | undefined;
  readonly threads: number | undefined;
  readonly plant: SitePlantName | undefined;
}

/** Reads the arguments, or says what is wrong with them. */
function readOrder(values: {
  readonly schedules: string;
  readonly seed: string;
  readonly plays: string;
  readonly threads?: string | undefined;
  readonly plant?: string | undefined;
  readonly trace: boolean;
}): Order | string {
  const schedules = Number(values.schedules);
  const seed = Number(values.seed);
  const threads = values.threads === undefined ? undefined : Number(values.threads);
  if (!isCount(schedules)) return "schedules: a whole number from 1";
  if (!(Number.isSafeInteger(seed) && seed >= 0)) return "seed: a whole number from 0";
  if (threads !== undefined && !isCount(threads)) return "threads: a whole number from 1";
  if (values.trace && schedules !== 1) return "trace: with --schedules 1";
  const names = values.plays.split(",");
  const wrong = values.plays === "all" ? undefined : names.find((name) => !isPlay(name));
  if (wrong !== undefined) return `plays: no play ${JSON.stringify(wrong)}`;
  const plant = (Object.keys(SITE_PLANTS) as SitePlantName[]).find((name) => name === values.plant);
  if (plant !== values.plant) return `plant: no bug ${JSON.stringify(values.plant)}`;
  return {
    schedules,
    seed,
    threads,
    plant,
    plays: values.plays === "all" ? undefined : names.filter(isPlay),
  };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function isPlay(name: string): name is PlayName {
  return (PLAYS as readonly string[]).includes(name);
}

process.exitCode = await main();
