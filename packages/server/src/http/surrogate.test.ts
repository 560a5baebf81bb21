import { expect, test } from "vitest";
import { MAX_SURROGATE_LENGTH, surrogateList } from "./surrogate.ts";

test.each([
  ["surrogate-key", ["a:1", "b,c"], "a:1 b,c"],
  ["cache-tag", ["a:1", "b,c"], "a:1,b%2Cc"],
  ["surrogate-key", ["a b", "a%20b", "ü", "€ 😀"], "a%20b a%2520b %C3%BC %E2%82%AC%20%F0%9F%98%80"],
  ["cache-tag", ["a b", "x\ty"], "a%20b,x%09y"],
  ["cache-tag", [], ""],
] as const)("%s of %j is %s", (field, tags, value) => {
  expect(surrogateList(field, tags)).toEqual({ value, leftOut: 0 });
});

test.each([
  [MAX_SURROGATE_LENGTH - 4, 3, 0],
  [MAX_SURROGATE_LENGTH - 3, 3, 1],
  [MAX_SURROGATE_LENGTH + 1, 3, 2],
])(
  "with %d characters before it, a tag of %d is left out with what follows: %d",
  (before, length, leftOut) => {
    const list = surrogateList("cache-tag", ["x".repeat(before), "y".repeat(length)]);
    expect(list.leftOut).toBe(leftOut);
    expect(list.value.length).toBeLessThanOrEqual(MAX_SURROGATE_LENGTH);
  },
);
