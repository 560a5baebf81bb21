import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { chartsOf } from "./charts.ts";
import { pageOf } from "./page.ts";
import type { Results } from "./results.ts";

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const text = (name: string): string => readFileSync(path(name), "utf8");

test("docs/benchmarks.md and its charts are exactly what the kept figures give", () => {
  const results = JSON.parse(text("bench/results/cache.json")) as Results;
  expect(text("docs/benchmarks.md")).toBe(pageOf(results));
  const charts = chartsOf(results);
  expect(readdirSync(path("docs/benchmarks")).sort()).toEqual(charts.map(({ name }) => name).sort());
  for (const { name, svg } of charts) expect(text(`docs/benchmarks/${name}`)).toBe(svg);
});

test("the kept figures are those of a whole run", () => {
  expect(existsSync(path("bench/results/cache.json"))).toBe(true);
  const { quick, questions } = JSON.parse(text("bench/results/cache.json")) as Results;
  expect(quick).toBe(false);
  for (const { name, figures } of questions) expect([name, figures.length > 0]).toEqual([name, true]);
});
