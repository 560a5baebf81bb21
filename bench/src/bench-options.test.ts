import { expect, test } from "vitest";
import { readOptions } from "./bench-options.ts";

const read = (...args: readonly string[]) =>
  readOptions(args, { cache: ["l1-hit", "route"], realtime: ["fan-out"] });

test("what is left out has its default", () => {
  expect(read("cache")).toEqual({ topic: "cache", quick: false, only: [], seed: 1 });
  expect(read("cache", "--quick", "--only", "route", "--only", "l1-hit", "--seed", "9")).toEqual({
    topic: "cache",
    quick: true,
    only: ["route", "l1-hit"],
    seed: 9,
  });
  expect(read("realtime", "--only", "fan-out")).toMatchObject({ topic: "realtime", only: ["fan-out"] });
  expect(read("--help")).toBeUndefined();
});

test("what is not known is refused, with what was received and what there is", () => {
  expect(() => read()).toThrow("Cannot measure nothing: expected one of cache, realtime, security, profile.");
  expect(() => read("cache", "push")).toThrow("Cannot measure cache push");
  expect(() => read("cache", "--only", "luck")).toThrow(
    "--only luck: no such question of cache. There are: l1-hit, route.",
  );
  expect(() => read("realtime", "--only", "route")).toThrow(
    "--only route: no such question of realtime. There are: fan-out.",
  );
  expect(() => read("cache", "--seed", "1.5")).toThrow("--seed 1.5: expected a whole number.");
  expect(() => read("cache", "--fast")).toThrow("--fast");
});
