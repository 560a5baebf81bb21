import { parseArgs } from "node:util";
import { measureMemory } from "./measure-memory.ts";

const HELP = `Measures what a node holds while Redis is away: it goes on changing and reading, and Redis comes back empty.

  npm run outage-memory -- [--seconds 60] [--rate 2000] [--seed 1]

The last line is one JSON object; exit code 1 when ten minutes of it would take more than 20 MiB, or something was stale afterwards.`;

/** How much a node may grow in ten minutes. */
const MOST_BYTES = 20 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    rate: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
const [seconds, rate, seed] = [values.seconds, values.rate, values.seed].map(Number) as [
  number,
  number,
  number,
];
const isWrong = [seconds, rate].some((number) => !Number.isSafeInteger(number) || number < 1);

if (values.help || isWrong || !Number.isSafeInteger(seed)) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  const { samples, ...figures } = await measureMemory({ seconds, rate, seed });
  const inMiB = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  for (const { atSeconds, heapBytes, rssBytes } of samples) {
    console.log(
      `${atSeconds.toFixed(0).padStart(5)} s  heap ${inMiB(heapBytes)}  process ${inMiB(rssBytes)}`,
    );
  }
  console.log(JSON.stringify(figures));
  process.exitCode = figures.tenMinutesBytes <= MOST_BYTES && figures.isFresh ? 0 : 1;
}
