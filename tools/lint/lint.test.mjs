import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "../source/report.mjs";
import { plant } from "../test/plant.mjs";

const OXLINT = join(ROOT, "node_modules/oxlint/bin/oxlint");
const CONFIG = readFileSync(join(ROOT, ".oxlintrc.json"), "utf8");

/** Lints planted files with the repository's own configuration: `path: rule` for each finding, in order. */
async function findings(files) {
  const root = plant({ ".oxlintrc.json": CONFIG, ...files });
  const lint = promisify(execFile)(process.execPath, [OXLINT, "--format", "json"], { cwd: root });
  const { stdout } = await lint.catch((failure) => failure);
  const found = JSON.parse(stdout).diagnostics.map(({ filename, code }) => `${filename}: ${code}`);
  return [...new Set(found)].sort();
}

const SERVER = "packages/server/src";

const READS_THE_CLOCK = [
  ["setTimeout(go, 5);", "eslint(no-restricted-globals)"],
  ["setInterval(go, 5);", "eslint(no-restricted-globals)"],
  ["globalThis.setTimeout(go, 5);", "eslint(no-restricted-properties)"],
  ["globalThis.setInterval(go, 5);", "eslint(no-restricted-properties)"],
  ["go(Date.now());", "eslint(no-restricted-properties)"],
  ["go(performance.now());", "eslint(no-restricted-properties)"],
  ["go(Math.random());", "eslint(no-restricted-properties)"],
  ["go(AbortSignal.timeout(5));", "eslint(no-restricted-properties)"],
  [`import { setTimeout as wait } from "node:timers/promises"; wait(5);`, "eslint(no-restricted-imports)"],
];

test("server sources take time and chance from a clock; base/clock.ts and tests need not", async () => {
  const files = READS_THE_CLOCK.map(([text], at) => [`${SERVER}/cache/x${at}.ts`, text]);
  const all = READS_THE_CLOCK.map(([text]) => text).join("\n");
  const free = { [`${SERVER}/base/clock.ts`]: all, [`${SERVER}/cache/x.test.ts`]: all, "rig/src/x.ts": all };
  expect(await findings({ ...Object.fromEntries(files), ...free })).toEqual(
    READS_THE_CLOCK.map(([, rule], at) => `${SERVER}/cache/x${at}.ts: ${rule}`),
  );
});

const BREAKS_A_RULE = [
  ["a.ts", "export default go();", "import(no-default-export)"],
  ["b.ts", "export let a = 1; a = 2;", "import(no-mutable-exports)"],
  ["c.tsx", "console.log(1);", "eslint(no-console)"],
  ["d.ts", `import { A } from "./a.ts"; const a: A = go(); go(a);`, "typescript(consistent-type-imports)"],
  ["e.ts", `import { type A } from "./a.ts"; go<A>();`, "typescript(no-import-type-side-effects)"],
  ["f.ts", "export type A = any;", "typescript(no-explicit-any)"],
  ["g.ts", "if (a) { if (b) { if (c) { if (d) go(); } } }", "eslint(max-depth)"],
  ["h.ts", "if (a == 1) go();", "eslint(eqeqeq)"],
  ["i.ts", `import { join } from "path"; join();`, "unicorn(prefer-node-protocol)"],
  [
    "j.test.ts",
    `import { expect, test } from "vitest"; test.only("a", () => expect(1).toBe(1));`,
    "vitest(no-focused-tests)",
  ],
  ["k.ts", "/* oxlint-disable eqeqeq */ go();", "undefined"],
];

test("each chosen rule fires, and an unneeded disabling comment is a finding too", async () => {
  const files = BREAKS_A_RULE.map(([name, text]) => [`packages/client/src/${name}`, text]);
  expect(await findings(Object.fromEntries(files))).toEqual(
    BREAKS_A_RULE.map(([name, , rule]) => `packages/client/src/${name}: ${rule}`),
  );
});

test("what the house allows passes", async () => {
  const files = {
    "packages/client/vite.config.ts": "export default go();",
    "packages/wire/src/contract.ts": "export type A = any;",
    "rig/src/x.ts": "console.log(1);",
    [`${SERVER}/x.ts`]: "if (a) { if (b) { if (c) go(); } }\nif (a == null) go();",
    "packages/client/src/x.tsx": `import "./x.css"; export const X = () => <a href="/">x</a>;`,
  };
  expect(await findings(files)).toEqual([]);
});
