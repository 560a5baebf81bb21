import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { plant } from "../test/plant.mjs";
import { dependenciesAreCurrent } from "./dependencies.mjs";
import { ensureNode } from "./ensure.mjs";
import { findProgram, installHint, POSTGRES, REDIS, withoutCluster } from "./programs.mjs";
import { countTests, summaryLine } from "./summary.mjs";

test("Node 20.19, 22.12 and everything newer pass; the message says what is needed", () => {
  for (const good of ["20.19.0", "20.20.2", "22.12.0", "23.0.0", "26.1.0"])
    expect(() => ensureNode(good)).not.toThrow();
  for (const bad of ["18.20.0", "20.18.3", "21.7.0", "22.11.0"]) {
    expect(() => ensureNode(bad), bad).toThrow(/This is Node .* needs Node 20\.19/);
  }
});

const LOCK = {
  "": { name: "house" },
  "packages/a": { name: "a", dependencies: { b: "1.0.0" } },
  "node_modules/b": { version: "1.0.0" },
  "node_modules/c-darwin": { version: "1.0.0", optional: true },
};
const { "": _root, "node_modules/c-darwin": _other, ...INSTALLED } = LOCK;

test.each([
  ["an installation was broken off", undefined, false],
  ["all is installed but what other systems need", INSTALLED, true],
  ["a version differs", { ...INSTALLED, "node_modules/b": { version: "1.0.1" } }, false],
  ["a workspace asks for something else now", { ...INSTALLED, "packages/a": { name: "a" } }, false],
  ["a package is missing", { "packages/a": LOCK["packages/a"] }, false],
])("dependencies when %s", (_title, installed, current) => {
  const root = plant({
    "package-lock.json": { packages: LOCK },
    "node_modules/.package-lock.json": installed ? { packages: installed } : "",
  });
  expect(dependenciesAreCurrent(root)).toBe(current);
});

test("a program is found by its variable first, then on PATH, and only if it runs", () => {
  const root = plant({
    "mine/redis": "#!/bin/sh\nexit 0\n",
    "broken/redis-server": "#!/bin/sh\nexit 1\n",
    "bin/valkey-server": "#!/bin/sh\nexit 0\n",
  });
  for (const path of ["mine/redis", "broken/redis-server", "bin/valkey-server"])
    chmodSync(join(root, path), 0o755);
  const at = (path) => join(root, path);
  const PATH = `${at("broken")}:${at("bin")}`;
  expect(findProgram(REDIS, { PATH })).toBe(at("bin/valkey-server"));
  expect(findProgram(REDIS, { PATH, REDIS_SERVER: at("mine/redis") })).toBe(at("mine/redis"));
  expect(findProgram(REDIS, { PATH, REDIS_SERVER: at("gone") })).toBeUndefined();
  expect(findProgram(REDIS, { PATH: at("broken") })).toBeUndefined();
});

test("PostgreSQL is installed without a database of its own, and only for that installation", () => {
  const folder = join(plant({ README: "" }), "createcluster.d");
  const undo = withoutCluster(folder);
  expect(readFileSync(join(folder, "livecache.conf"), "utf8")).toContain("create_main_cluster = false");
  undo();
  expect(existsSync(join(folder, "livecache.conf"))).toBe(false);
  vi.stubEnv(POSTGRES.variable, "");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(installHint(POSTGRES)).toMatch(/install.*postgresql/);
});

function reportOf(...files) {
  const testResults = files.map(([status, ...tests]) => ({
    status,
    assertionResults: tests.map((state) => ({ status: state })),
  }));
  return JSON.stringify({ testResults });
}

test("the summary counts tests, files that could not run, and a run that failed for another reason", () => {
  const mixed = reportOf(["passed", "passed", "skipped", "todo"], ["failed", "passed", "failed", "failed"]);
  expect(summaryLine(countTests(mixed, 1))).toBe("2 passed, 2 failed, 2 skipped");
  expect(countTests(reportOf(["passed", "passed"], ["failed"]), 1)).toMatchObject({ passed: 1, failed: 1 });
  expect(countTests(reportOf(["passed", "passed"]), 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(countTests(reportOf(["passed", "passed"]), 1)).toMatchObject({ failed: 1 });
  expect(countTests(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

/** What a script sees that runs one program through `run`. */
function ran(program, options = "{}") {
  const script = `
    import { run } from ${JSON.stringify(new URL("child.mjs", import.meta.url).href)};
    process.exitCode = await run(process.execPath, ["-e", ${JSON.stringify(program)}], ${options});
    console.error("went on");`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
}

test("a command gets the script's output and gives its exit code; chatter goes to standard error", () => {
  expect(ran(`console.log("said"); process.exit(3)`)).toMatchObject({ stdout: "said\n", status: 3 });
  expect(ran(`console.log("said")`, "{ chatter: true }")).toMatchObject({
    stdout: "",
    stderr: "said\nwent on\n",
    status: 0,
  });
});

test("a signal to the script ends the command, and the script with it", () => {
  const program = `process.on("SIGTERM", () => { console.log("told"); process.exit(7); });
    process.kill(process.ppid, "SIGTERM"); setTimeout(() => {}, 10_000);`;
  expect(ran(program)).toMatchObject({ stdout: "told\n", stderr: "", status: 7 });
  expect(ran(`process.kill(process.pid, "SIGKILL")`)).toMatchObject({ status: 137 });
});
