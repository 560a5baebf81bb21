import { expect, test } from "vitest";
import { MAX_SPREAD_MS, pauseAfterPush, spreadMsOf } from "./spread.ts";

test.each([
  [1, 0],
  [99, 0],
  [100, 16],
  [10_000, 1_600],
  [12_500, 2_000],
  [1_000_000, 2_000],
])("%i watchers that are told together refetch within %i ms", (watchers, spreadMs) => {
  expect(spreadMsOf(watchers)).toBe(spreadMs);
});

test.each([
  [1, 50],
  [500, 50],
  [5_000, 500],
  [1_000_000, MAX_SPREAD_MS],
])("%i watchers are sent the next body after %i ms", (watchers, pauseMs) => {
  expect(pauseAfterPush(watchers)).toBe(pauseMs);
});
