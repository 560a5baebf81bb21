import { parseArgs } from "node:util";
import { LOSSES } from "./losses.ts";
import { watchLosses } from "./watch-losses.ts";
import type { LossFigures } from "./watch-losses.ts";

const HELP = `Loses data of a real Redis, and measures when two nodes notice; meanwhile it reads what the lost change had voided.

  npm run fencing -- [--loss KIND] [--runs 100]

  --loss   ${Object.keys(LOSSES).join(" ")}; by default all of them
  --runs   how often each; in every second run, who wrote what is lost dies with it

The last line is one JSON object; exit code 1 when a loss was not noticed within a second, something stale was answered, a sequence was
handed out twice, or a restart that lost nothing was taken for a loss.`;

const { values } = parseArgs({
  options: {
    loss: { type: "string" },
    runs: { type: "string", default: "100" },
    help: { type: "boolean", default: false },
  },
});

/** Whether everything was as promised. */
function isClean(name: string, { runs, noticed, withinSecond, stale, reissued }: LossFigures): boolean {
  const isNoticed = LOSSES[name]!.isLoss ? withinSecond === runs : noticed === 0;
  return isNoticed && stale === 0 && reissued === 0;
}

async function main(): Promise<number> {
  const runs = Number(values.runs);
  const names = values.loss === undefined ? Object.keys(LOSSES) : [values.loss];
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  if (!Number.isSafeInteger(runs) || runs < 1 || names.some((name) => !Object.hasOwn(LOSSES, name))) {
    process.stderr.write(`${HELP}\n`);
    return 2;
  }
  const figures: Record<string, LossFigures> = {};
  for (const name of names) {
    figures[name] = await watchLosses(LOSSES[name]!, runs, (line) =>
      process.stderr.write(`${name}, ${line}\n`),
    );
  }
  const areClean = Object.entries(figures).every(([name, one]) => isClean(name, one));
  process.stdout.write(`${JSON.stringify({ isClean: areClean, ...figures })}\n`);
  return areClean ? 0 : 1;
}

const code = await main();
process.stdout.write("", () => process.exit(code));
