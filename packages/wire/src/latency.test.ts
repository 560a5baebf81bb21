import { expect, test } from "vitest";
import { addLatencies, latencyBucket, latencyPercentile } from "./latency.ts";

const spreadOf = (all: readonly number[]) => addLatencies(all.map((ms) => [[latencyBucket(ms), 1]]));

test("a percentile is at most 42 % too large, from microseconds to seconds", () => {
  for (const ms of [0.0013, 0.02, 0.9, 1, 17, 480, 9_000]) {
    const told = latencyPercentile(spreadOf([ms]), 0.5)!;
    expect(told, `${ms} ms`).toBeGreaterThanOrEqual(ms * 0.999);
    expect(told, `${ms} ms`).toBeLessThan(ms * 1.415);
  }
});

test("what is odd falls into the first or the last bucket", () => {
  expect([0, -1, Number.NaN].map(latencyBucket)).toEqual([0, 0, 0]);
  expect(latencyBucket(Number.POSITIVE_INFINITY)).toBe(latencyBucket(60_000));
});

test("what several nodes counted adds up", () => {
  const fast = spreadOf(Array.from({ length: 98 }, () => 0.5));
  const slow = spreadOf([200, 200]);
  const both = addLatencies([fast, slow]);
  expect(latencyPercentile(both, 0.5)).toBeLessThan(1);
  expect(latencyPercentile(both, 0.99)).toBeGreaterThan(190);
  expect(latencyPercentile([], 0.5)).toBeUndefined();
});
