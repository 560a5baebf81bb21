import { parentPort, workerData } from "node:worker_threads";
import { createTally } from "./figures.ts";
import type { SimShare } from "./memory-race.ts";
import { simulate } from "./sim.ts";

const { firstSeed, interleavings, options } = workerData as SimShare;
// Errors are made by the thousand, as the ground's refusals; a seed can be run again where their stacks are wanted.
Error.stackTraceLimit = 0;
const tally = createTally((line) => process.stderr.write(`${line}\n`));
for (let seed = firstSeed; seed < firstSeed + interleavings; seed++) {
  try {
    tally.add(seed, await simulate(seed, options));
  } catch (cause) {
    throw new Error(`seed ${seed}: ${String(cause)}`, { cause });
  }
}
parentPort!.postMessage(tally.figures());
