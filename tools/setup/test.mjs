import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, runScript, SetupError } from "./child.mjs";
import { ensureReady, ROOT } from "./ensure.mjs";
import { ensurePages } from "./pages.mjs";
import { ensureTemplate } from "./embedded-template.mjs";
import { CHROMIUM, ensureProgram, installHint, POSTGRES, REDIS } from "./programs.mjs";
import { countTests, summaryLine } from "./summary.mjs";

// npm test [-- vitest arguments]: sets everything up, checks, runs the tests, and ends with one line of figures.
await runScript(async () => {
  const failures = [];
  const missing = [];
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    await ensureReady();
    for (const program of [REDIS, POSTGRES, CHROMIUM]) if (!(await offer(program))) missing.push(program);
    await ensurePages();
    await ensureTemplate();
    if ((await run(process.execPath, [join(ROOT, "tools/check.mjs")])) !== 0) failures.push("npm run check");
    counts = await runTests(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    failures.push(error.message);
  }
  for (const program of missing)
    console.log(`\nNOT RUN, the suites ${program.suites}: ${installHint(program)}`);
  for (const failure of failures) console.log(`\nFAILED: ${failure}`);
  counts.failed += failures.length;
  console.log(`\n${summaryLine(counts)}`);
  return counts.failed === 0 ? 0 : 1;
});

/** Finds or installs a program and tells the tests where it is, or that they have to do without; answers which. */
async function offer(program) {
  const found = await ensureProgram(program);
  if (!found && process.env[program.requireVariable] === "1") {
    throw new SetupError(`${program.requireVariable}=1, but ${installHint(program)}`);
  }
  process.env[found ? program.variable : program.skipVariable] = found ?? "1";
  return found !== undefined;
}

async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), "livecache-tests-"));
  const file = join(folder, "report.json");
  try {
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const exitCode = await run(process.execPath, [vitest, "run", ...reporters, ...args]);
    return countTests(readReport(file), exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
