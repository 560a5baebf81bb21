import { parseArgs } from "node:util";
import { LEFTOVERS } from "./faults.ts";
import { PLANTS } from "./plants.ts";
import { runLoss } from "./run-loss.ts";
import type { LossOptions } from "./run-loss.ts";
import { CASES } from "./schedule.ts";

const HELP = `Looks for lost events: two nodes and a publisher on a real Redis, real clients that are cut off from them, and a judge of what each client heard.

  npm run loss -- --case CASE --seed N [--events 60000] [--clients 24] [--rate 1000] [--plant BUG]

  --case       ${Object.keys(CASES).join(" ")}
  --events     how many are published at least; faults go on until then
  --rate       events a second, of all three publishers together
  --fault-ms   how long each fault lasts; by default as the case says
  --leftover   what Redis has after it was killed: ${LEFTOVERS.join(" ")}; by default drawn from the seed
  --plant      a bug that the judge has to find:
               ${Object.keys(PLANTS).join(" ")}

The last line is one JSON object; exit code 1 when an event was lost, duplicated or out of order, or a process died.`;

const values = parseArgs({
  options: {
    case: { type: "string" },
    seed: { type: "string", default: "1" },
    events: { type: "string" },
    clients: { type: "string" },
    rate: { type: "string" },
    "fault-ms": { type: "string" },
    leftover: { type: "string" },
    plant: { type: "string" },
    help: { type: "boolean", default: false },
  },
}).values;

/** Reads the arguments, or says what is wrong with them. */
function readOptions(): LossOptions | string {
  const { case: name, leftover, plant } = values;
  if (!isOneOf(Object.keys(CASES), name)) return `case: one of ${Object.keys(CASES).join(", ")}`;
  if (leftover !== undefined && !isOneOf(LEFTOVERS, leftover))
    return `leftover: one of ${LEFTOVERS.join(", ")}`;
  if (plant !== undefined && !isOneOf(Object.keys(PLANTS), plant)) {
    return `plant: no bug ${JSON.stringify(plant)}`;
  }
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) return "seed: a whole number";
  const numbers = {
    events: values.events,
    clients: values.clients,
    rate: values.rate,
    faultMs: values["fault-ms"],
  };
  for (const [option, text] of Object.entries(numbers)) {
    if (text !== undefined && !/^[1-9]\d{0,8}$/.test(text)) return `${option}: a whole number from 1`;
  }
  const [events, clients, rate, faultMs] = Object.values(numbers).map((text) => text && Number(text));
  return { case: name, seed, leftover, plant, events, clients, rate, faultMs } as LossOptions;
}

function isOneOf(names: readonly string[], name: string | undefined): boolean {
  return name !== undefined && names.includes(name);
}

async function main(): Promise<number> {
  const options = values.help ? "" : readOptions();
  if (typeof options === "string") {
    (values.help ? process.stdout : process.stderr).write(`${options && `${options}\n\n`}${HELP}\n`);
    return values.help ? 0 : 2;
  }
  const figures = await runLoss({ ...options, log: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  return figures.isClean ? 0 : 1;
}

const code = await main();
// A connection that a gate swallows may be open for minutes yet.
process.stdout.write("", () => process.exit(code));
