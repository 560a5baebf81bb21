import { expect, test } from "vitest";
import { follow } from "./follow.ts";

const at = (epoch: string, offset: number) => ({ epoch, offset });

test.each([
  ["the first event ever seen", undefined, at("e", 7), "next"],
  ["the offset after the held one", at("e", 6), at("e", 7), "next"],
  ["the held offset again", at("e", 7), at("e", 7), "duplicate"],
  ["an older offset", at("e", 7), at("e", 3), "duplicate"],
  ["a jump", at("e", 5), at("e", 7), "lost"],
  ["another epoch", at("e", 7), at("f", 8), "epoch"],
] as const)("%s", (_, held, event, step) => {
  expect(follow(held, event)).toBe(step);
});
