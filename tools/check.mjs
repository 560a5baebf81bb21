import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./source/report.mjs";

const TSC = "node_modules/typescript/bin/tsc";
const PRETTIER =
  "node_modules/prettier/bin/prettier.cjs --cache --cache-location node_modules/.cache/livecache-format";

/** What is checked, in this order, and the commands behind each. All of them run, also after a failure. */
const CHECKS = {
  types: [
    `${TSC} -b`,
    `${TSC} -p tools`,
    `${TSC} -p tsconfig.test.json`,
    ...pages().map((at) => `${TSC} -p ${at}`),
  ],
  lint: ["node_modules/oxlint/bin/oxlint --format unix"],
  arrows: ["tools/arrows/main.mjs"],
  sizes: ["tools/sizes/main.mjs"],
  exports: ["tools/exports/main.mjs"],
  "docs-codes": ["tools/docs-codes/main.mjs"],
  "docs-reference": ["tools/docs-reference/main.mjs"],
  "docs-links": ["tools/docs-links/main.mjs"],
  "docs-llms": ["tools/docs-llms/main.mjs"],
  "docs-snippets": ["tools/docs-snippets/main.mjs"],
  format: [`${PRETTIER} --check --log-level warn .`],
};

/** What takes longest and needs nothing of the others: it runs beside them. */
const beside = { format: runAll(CHECKS.format) };

let failed = 0;
for (const [name, commands] of Object.entries(CHECKS)) {
  const { outputs, seconds } = await (beside[name] ?? runAll(commands));
  const bad = outputs.filter(({ code }) => code !== 0);
  console.log(`${bad.length === 0 ? "ok    " : "FAILED"} ${name.padEnd(10)} ${seconds.toFixed(1)} s`);
  for (const { code, text } of outputs) {
    if (code !== 0 || text.startsWith("note:")) console.log(text.trim().replace(/^/gm, "       "));
  }
  if (bad.length > 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;

/** The web pages of the examples and the console, which a bundler builds and `tsc -b` does not know. */
function pages() {
  return ["examples", "packages"]
    .flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}/web`))
    .filter((folder) => existsSync(join(ROOT, folder, "tsconfig.json")));
}

/** Runs commands one after the other. */
async function runAll(commands) {
  const startedAt = performance.now();
  const outputs = [];
  for (const command of commands) outputs.push(await runNode(command));
  return { outputs, seconds: (performance.now() - startedAt) / 1_000 };
}

/** @returns {Promise<{ code: number, text: string }>} */
function runNode(command) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command.split(" "), {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.stderr.on("data", (chunk) => (text += chunk));
    child.on("close", (code) => resolve({ code: code ?? 1, text }));
  });
}
