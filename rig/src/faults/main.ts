import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { seededRandom } from "../random.ts";
import { GROUNDS } from "./grounds.ts";
import { faultsOf, parseKinds } from "./kinds.ts";
import { PLANTS } from "./plants.ts";
import type { Plant } from "./plants.ts";
import { report } from "./report.ts";
import { runFaults } from "./run-faults.ts";
import { drawSchedule, formatSchedule, parseSchedule } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";

const HELP = `Real nodes on a real Redis under load, with a fault every 5 s; checkers judge what was seen.

  npm run faults -- --seed N --minutes M [--ground single] [--kinds a,b] [--nodes 4] [--rate 300] [--plant BUG]
  npm run faults -- --schedule FILE

  --ground    ${GROUNDS.join(" ")}; by default one Redis
  --kinds     by default all of the ground:
${GROUNDS.map((ground) => `              ${ground}: ${faultsOf(ground).join(" ")}`).join("\n")}
  --rate      requests a second, of all nodes together
  --write     writes the schedule to a file, for --schedule
  --schedule  runs what stands in a file, instead of drawing from a seed
  --plant     a bug of one node that the checkers have to find: ${Object.keys(PLANTS).join(" ")}

One page at the end, and its figures as JSON in the last line. Exit code 1 when something was found.
docs/how-to/faults.md says how to read it.`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "2" },
    nodes: { type: "string", default: "4" },
    kinds: { type: "string" },
    ground: { type: "string", default: "single" },
    rate: { type: "string" },
    write: { type: "string" },
    schedule: { type: "string" },
    plant: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

async function readSchedule(): Promise<Schedule> {
  if (values.schedule !== undefined) return parseSchedule(await readFile(values.schedule, "utf8"));
  const seed = Number(values.seed);
  const nodes = Number(values.nodes);
  const forMs = Number(values.minutes) * 60_000;
  if (!Number.isInteger(seed) || !Number.isInteger(nodes) || nodes < 2 || !(forMs > 0)) {
    throw new Error(`expected --seed N, --nodes from 2 and --minutes above 0\n\n${HELP}`);
  }
  const ground = GROUNDS.find((name) => name === values.ground);
  if (!ground) throw new Error(`no ground ${JSON.stringify(values.ground)}\n\n${HELP}`);
  const kinds = parseKinds(values.kinds, ground);
  return drawSchedule({ seed, nodes, ground, forMs, kinds, random: seededRandom(seed) });
}

function readPlant(name: string | undefined): Plant | undefined {
  if (name === undefined || name in PLANTS) return name as Plant | undefined;
  throw new Error(`no plant ${JSON.stringify(name)}\n\n${HELP}`);
}

if (values.help) {
  process.stdout.write(`${HELP}\n`);
} else {
  const schedule = await readSchedule();
  if (values.write !== undefined) await writeFile(values.write, formatSchedule(schedule));
  const figures = await runFaults({
    schedule,
    perSecond: values.rate === undefined ? undefined : Number(values.rate),
    plant: readPlant(values.plant),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${report(figures)}\n`);
  const { findings, ...rest } = figures;
  process.stdout.write(`${JSON.stringify({ ...rest, findings: findings.slice(0, 20) })}\n`);
  process.exitCode = figures.isClean ? 0 : 1;
}
