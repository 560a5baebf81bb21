import { expect, test } from "vitest";
import { pauseAfterPush, spreadMsOf } from "./spread.ts";

test.each([
  [1, 0],
  [99, 0],
  [100, 25],
  [5_000, 1_250],
  [7_200, 1_800],
  [7_204, 1_800],
  [1_000_000, 1_800],
])("%i watchers that are told together refetch within %i ms", (watchers, spreadMs) => {
  expect(spreadMsOf(watchers)).toBe(spreadMs);
});

test.each([
  [1, 50],
  [500, 50],
  [5_000, 500],
  [20_000, 2_000],
  [1_000_000, 2_000],
])("%i watchers are sent the next body after %i ms", (watchers, pauseMs) => {
  expect(pauseAfterPush(watchers)).toBe(pauseMs);
});
