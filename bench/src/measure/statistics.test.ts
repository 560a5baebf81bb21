import { seededRandom } from "@livecache/rig";
import { expect, test } from "vitest";
import { median, percentile, shuffled, spread } from "./statistics.ts";

test("the median is the middle number, or the mean of the two middle ones, in whatever order they come", () => {
  expect(median([3])).toBe(3);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 2, 9, 1])).toBe(5.5);
  expect(() => median([])).toThrow("expected at least one number");
});

test("a percentile is a number of the list, by nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0.01, 0.5, 0.99, 0.991, 1].map((share) => percentile(hundred, share))).toEqual([
    1, 50, 99, 100, 100,
  ]);
  expect(percentile([7], 0.5)).toBe(7);
});

test("a percentile of nothing, or of a share that is none, is refused", () => {
  expect(() => percentile([], 0.5)).toThrow("received none");
  for (const share of [0, 1.01, Number.NaN]) expect(() => percentile([1], share)).toThrow("(0, 1]");
});

test("numbers are ordered as numbers", () => {
  expect(spread([10, 9, 100])).toEqual({ median: 10, low: 9, high: 100 });
});

test("shuffling keeps every element, leaves the list alone and repeats for equal seeds", () => {
  const list = Array.from({ length: 50 }, (_, index) => index);
  const one = shuffled(list, seededRandom(4).integer);
  expect(one).not.toEqual(list);
  expect([...one].sort((a, b) => a - b)).toEqual(list);
  expect(shuffled(list, seededRandom(4).integer)).toEqual(one);
});
