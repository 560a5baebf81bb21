import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { chartsOf } from "./charts.ts";
import { pageOf } from "./page.ts";
import type { Results } from "./results.ts";

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const text = (name: string): string => readFileSync(path(name), "utf8");

/** What is published has to be kept. */
const TOPICS = ["cache", "realtime", "security"];
const kept = (topic: string): Results => JSON.parse(text(`bench/results/${topic}.json`)) as Results;

test("docs/benchmarks.md and its charts are exactly what the kept figures give", () => {
  const topics = TOPICS.map(kept);
  expect(text("docs/benchmarks.md")).toBe(pageOf(topics));
  const charts = topics.flatMap(chartsOf);
  expect(readdirSync(path("docs/benchmarks")).sort()).toEqual(charts.map(({ name }) => name).sort());
  for (const { name, svg } of charts) expect(text(`docs/benchmarks/${name}`)).toBe(svg);
});

test.each(TOPICS)("the kept figures of %s are those of a whole run", (topic) => {
  const { quick, questions } = kept(topic);
  expect(quick).toBe(false);
  for (const { name, figures } of questions) expect([name, figures.length > 0]).toEqual([name, true]);
});
