import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

function bench(...args: readonly string[]): Promise<{ code: number | null; out: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [out, errors] = ["", ""];
    child.stdout.on("data", (chunk) => (out += String(chunk)));
    child.stderr.on("data", (chunk) => (errors += String(chunk)));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, errors }));
  });
}

test("a quick run of one question ends with one line of JSON that holds every figure and its ratio", async () => {
  const { code, out } = await bench("cache", "--quick", "--only", "l1-hit", "--seed", "7");
  expect(code).toBe(0);
  const results = JSON.parse(out.trimEnd().split("\n").at(-1)!);
  expect(results).toMatchObject({ topic: "cache", quick: true, seed: 7, machine: { node: process.version } });
  const [{ name, figures, failures }] = results.questions;
  expect([name, failures, results.questions.length]).toEqual(["l1-hit", [], 1]);
  for (const who of ["lru-cache", "livecache", "async-cache-dedupe"]) {
    const [figure] = figures.filter((one: { contestant: string }) => one.contestant === who);
    expect(figure).toMatchObject({ unit: "op/s", floor: "lru-cache", rounds: expect.any(Number) });
    expect(figure.median).toBeGreaterThan(1_000);
    expect(figure.ratio).toBeGreaterThan(0);
  }
});

test("the quick run of a question of real time has everybody's figures, each with its ratio", async () => {
  const { code, out } = await bench("realtime", "--quick", "--only", "fan-out");
  expect(code).toBe(0);
  const results = JSON.parse(out.trimEnd().split("\n").at(-1)!);
  expect(results).toMatchObject({ topic: "realtime", quick: true, machine: { node: process.version } });
  const [{ figures, failures }] = results.questions;
  expect(failures).toEqual([]);
  for (const who of ["raw ws", "livecache", "redis-adapter"]) {
    const mine = figures.filter((one: { contestant: string }) => one.contestant === who);
    expect(mine.map((one: { measure: string }) => one.measure)).toEqual(["cpuUs", "p50", "p99", "held"]);
    expect(mine[0]).toMatchObject({ floor: "raw ws", ratio: expect.any(Number) });
  }
});

test("the quick run of a question of security has everybody's figures: fields that connect-redis loses are kept here", async () => {
  const { code, out } = await bench("security", "--quick", "--only", "session-race");
  expect(code).toBe(0);
  const [{ figures, failures }] = JSON.parse(out.trimEnd().split("\n").at(-1)!).questions;
  expect(failures).toEqual([]);
  const lostBy = (who: string): number =>
    figures.find(({ contestant }: { contestant: string }) => contestant === who).median;
  expect(lostBy("connect-redis")).toBeGreaterThan(0);
  expect(lostBy("livecache")).toBe(0);
});

test("what cannot be measured is refused with what can", async () => {
  const [topic, question] = await Promise.all([bench("push"), bench("cache", "--only", "luck")]);
  expect([topic.code, question.code]).toEqual([2, 2]);
  expect(topic.errors).toContain("Cannot measure push: expected one of cache, realtime, security, profile");
  expect(question.errors).toContain("--only luck: no such question of cache. There are: l1-hit,");
});
