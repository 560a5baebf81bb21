import { expect, test } from "vitest";
import { createEarlyEvents } from "./early-events.ts";

test("a change is taken as often as it was noted", () => {
  const early = createEarlyEvents();
  early.note("a");
  early.note("a");
  expect([early.take("b"), early.take("a"), early.take("a"), early.take("a")]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test.each([
  [9_999, true],
  [10_000, true],
  [10_001, false],
])("after %d changes it still knows the first: %s", (changes, knows) => {
  const early = createEarlyEvents();
  for (let number = 1; number <= changes; number++) early.note(`c${number}`);
  expect(early.take("c1")).toBe(knows);
});
