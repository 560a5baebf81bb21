import { parseArgs } from "node:util";
import { TUTORIAL_CASES, runCase } from "./run-cases.ts";

const HELP = `Runs what guides for Redis and Socket.IO have their readers write, and the same with Livecache, through the same faults.

  npm run by-hand -- [--times 5] [--only NAME,NAME] [--patience 10]

  --times     how often each case is run, on a Redis of its own
  --only      ${TUTORIAL_CASES.map(({ name }) => name).join(" ")}
  --patience  how many seconds something that never ends is watched

The last line is one JSON object; exit code 1 when Livecache failed, or a case in which nothing failed by hand has nothing to show.`;

const { values } = parseArgs({
  options: {
    times: { type: "string", default: "5" },
    only: { type: "string" },
    patience: { type: "string", default: "10" },
    help: { type: "boolean", default: false },
  },
});

/** What one case came to. */
interface Tally {
  readonly runs: number;
  byHand: number;
  ours: number;
  /** What was seen, each once. */
  readonly byHandTold: Set<string>;
  readonly oursTold: Set<string>;
}

async function main(): Promise<number> {
  const [times, patience] = [Number(values.times), Number(values.patience)];
  const names = values.only?.split(",") ?? TUTORIAL_CASES.map(({ name }) => name);
  const cases = TUTORIAL_CASES.filter(({ name }) => names.includes(name));
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const isWrong = [times, patience].some((number) => !Number.isSafeInteger(number) || number < 1);
  if (isWrong || cases.length !== new Set(names).size) {
    process.stderr.write(`${HELP}\n`);
    return 2;
  }
  const tallies: Record<string, Tally> = {};
  for (const one of cases) {
    const tally: Tally = { runs: times, byHand: 0, ours: 0, byHandTold: new Set(), oursTold: new Set() };
    for (let run = 0; run < times; run++) {
      const { byHand, ours } = await runCase(one, patience * 1_000);
      if (byHand.isFailed) tally.byHand++;
      if (ours.isFailed) tally.ours++;
      tally.byHandTold.add(byHand.told);
      tally.oursTold.add(ours.told);
    }
    tallies[one.name] = tally;
    process.stdout.write(
      `${one.name}: ${one.fault}\n` +
        `  by hand   ${tally.byHand} of ${times} failed; ${[...tally.byHandTold].join(" | ")}\n` +
        `  Livecache ${tally.ours} of ${times} failed; ${[...tally.oursTold].join(" | ")}\n`,
    );
  }
  return conclude(tallies);
}

function conclude(tallies: Readonly<Record<string, Tally>>): number {
  const all = Object.values(tallies);
  const sum = (count: (tally: Tally) => number): number => all.reduce((total, one) => total + count(one), 0);
  const [runs, byHand, ours] = [sum((one) => one.runs), sum((one) => one.byHand), sum((one) => one.ours)];
  process.stdout.write(`by hand: ${byHand} of ${runs} failed; Livecache: ${ours} of ${runs}\n`);
  process.stdout.write(`${JSON.stringify({ runs, byHand, ours, cases: tallies }, asList)}\n`);
  return ours === 0 && all.every((one) => one.byHand > 0) ? 0 : 1;
}

function asList(_name: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}

const code = await main();
process.stdout.write("", () => process.exit(code));
