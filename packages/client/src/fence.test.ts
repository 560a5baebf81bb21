import { expect, test } from "vitest";
import { createFence } from "./fence.ts";

function fenceAfter(...positions: unknown[]): string | undefined {
  const fence = createFence();
  for (const position of positions) fence.learn(position);
  return fence.text;
}

test("a client that has seen no position presents none", () => {
  expect(fenceAfter()).toBeUndefined();
});

test("the highest position is kept, in whatever order they are seen", () => {
  expect(fenceAfter("a.5", "a.9", "a.7")).toBe("a.9");
});

test("a position of another epoch replaces the held one", () => {
  expect(fenceAfter("a.9", "b.1")).toBe("b.1");
});

test("what is no position is ignored", () => {
  expect(fenceAfter("a.5", null, undefined, 7, "", "b", "a.x", "A.9")).toBe("a.5");
});
