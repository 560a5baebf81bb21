import { expect, test } from "vitest";
import { follow } from "./follow.ts";

const at = (epoch: string, offset: number) => ({ epoch, offset });

test.each([
  { what: "the first event ever seen", held: undefined, event: at("e", 7), step: "next" },
  { what: "the offset after the held one", held: at("e", 6), event: at("e", 7), step: "next" },
  { what: "the held offset again", held: at("e", 7), event: at("e", 7), step: "duplicate" },
  { what: "an older offset", held: at("e", 7), event: at("e", 3), step: "duplicate" },
  { what: "a jump", held: at("e", 5), event: at("e", 7), step: "lost" },
  { what: "another epoch", held: at("e", 7), event: at("f", 8), step: "epoch" },
])("$what: $step", ({ held, event, step }) => {
  expect(follow(held, event)).toBe(step);
});
