import { parseArgs } from "node:util";
import { PLANTED_BUGS, catchPlant } from "./catch-plant.ts";
import type { CaughtBug } from "./catch-plant.ts";

const HELP = `Plants bugs, one at a time, and sees to it that the simulation or the race finds each of them.

  npm run planted-bugs -- [--within 60] [--only NAME,NAME]

  --within     seconds for each
  --only       some of: ${PLANTED_BUGS.map(({ name }) => name).join(" ")}

The last line is one JSON object; exit code 1 when a bug was not found.`;

function row({ name, by, caught, seconds, tried, rule = "", seed }: CaughtBug): string {
  const how = caught ? `${rule} (seed ${seed})` : "NOT FOUND";
  return `${name.padEnd(32)} ${by.padEnd(11)} ${String(seconds).padStart(6)} s ${String(tried).padStart(8)}  ${how}`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      within: { type: "string", default: "60" },
      only: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const within = Number(values.within);
  const names = values.only?.split(",");
  const unknown = names?.find((name) => !PLANTED_BUGS.some((bug) => bug.name === name));
  if (values.help || unknown !== undefined || !(within > 0)) {
    if (unknown !== undefined) process.stderr.write(`no bug ${JSON.stringify(unknown)}\n\n`);
    process.stdout.write(`${HELP}\n`);
    return values.help ? 0 : 2;
  }
  const bugs = PLANTED_BUGS.filter(({ name }) => names?.includes(name) ?? true);
  process.stdout.write(
    `${"bug".padEnd(32)} ${"found by".padEnd(11)} ${"after".padStart(8)} ${"tried".padStart(8)}  what was seen\n`,
  );
  const results: CaughtBug[] = [];
  for (const bug of bugs) {
    const result = await catchPlant(bug, within * 1_000);
    process.stdout.write(`${row(result)}\n`);
    results.push(result);
  }
  const escaped = results.filter(({ caught }) => !caught).map(({ name }) => name);
  const slowest = Math.max(...results.map(({ seconds }) => seconds));
  const sum = { planted: results.length, caught: results.length - escaped.length, escaped, slowest };
  process.stdout.write(`${JSON.stringify({ ...sum, bugs: results })}\n`);
  return escaped.length > 0 ? 1 : 0;
}

process.exitCode = await main();
