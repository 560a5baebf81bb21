import { expect, test } from "vitest";
import { checkLatency, latencyFigures } from "./latency.ts";
import type { Latency } from "./latency.ts";

const GOAL = { p99Over: 300, max: 1_000 };

function all(count: number, tookMs: number): Latency[] {
  return Array.from({ length: count }, (_, index) => ({ what: "read", atMs: index, tookMs }));
}

test("figures are of the sorted times", () => {
  const latencies = Array.from({ length: 101 }, (_, index) => ({
    what: "read",
    atMs: 0,
    tookMs: 100 - index,
  }));
  expect(latencyFigures(latencies)).toEqual({ count: 101, p50: 50, p99: 99, max: 100 });
  expect(latencyFigures([])).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
});

test("a request above the maximum is found, and a fault that is slow as a whole", () => {
  const found = checkLatency(
    all(100, 10),
    { freeze: all(100, 311), cut: [...all(200, 9), ...all(1, 1_001)] },
    GOAL,
  );
  expect(found.map(({ text }) => text)).toEqual([
    "p99 311 ms during freeze, at most 310 may be",
    "read took 1001 ms during cut",
  ]);
});

test("what keeps to the goal is no finding, nor a p99 of too few", () => {
  expect(checkLatency(all(100, 10), { freeze: all(100, 310), cut: all(99, 1_000) }, GOAL)).toEqual([]);
});
