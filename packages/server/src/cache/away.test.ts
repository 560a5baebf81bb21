import { expect, test } from "vitest";
import { createAwayMemory } from "./away.ts";
import type { AwayEntry } from "./away.ts";

function memory(maxEntries = 3) {
  let nowMs = 0;
  const clock = { now: () => nowMs } as never;
  const away = createAwayMemory(clock, { ttlMs: 1_000, maxEntries });
  const put = (key: string, dependencies: readonly string[], rest: Partial<AwayEntry> = {}) =>
    away.put(key, {
      ...{ value: key, tags: [], dependencies, loadedAtMs: nowMs, ttlMs: 60_000, position: undefined },
      ...rest,
    });
  const held = (...keys: string[]) => keys.filter((key) => away.get(key) !== undefined);
  return { away, put, held, pass: (ms: number) => (nowMs += ms) };
}

test("what depends on a tag is dropped with it, and nothing else", () => {
  const { away, put, held } = memory();
  put("a", ["a", "t"]);
  put("b", ["b", "t", "u"]);
  put("c", ["c", "u"]);
  away.drop(["t", "unknown"]);
  expect(held("a", "b", "c")).toEqual(["c"]);
  away.drop(["u"]);
  expect(held("c")).toEqual([]);
});

test("a value that took the place of another depends on its own tags only", () => {
  const { away, put, held } = memory();
  put("a", ["old"]);
  put("a", ["new"]);
  away.drop(["old"]);
  expect(held("a")).toEqual(["a"]);
  away.drop(["new"]);
  expect(held("a")).toEqual([]);
});

test("it holds no more than it may, and what left is not dropped again under another value", () => {
  const { away, put, held } = memory(2);
  put("a", ["t"]);
  put("b", ["u"]);
  put("c", ["u"]);
  expect(held("a", "b", "c")).toEqual(["b", "c"]);
  put("a", ["v"]);
  away.drop(["t"]);
  expect(held("a")).toEqual(["a"]);
  away.clear();
  put("d", ["u"]);
  away.drop(["v"]);
  expect(held("a", "b", "c", "d")).toEqual(["d"]);
});

test("it is used for its own time or the limit, whichever is shorter, from the start of its load", () => {
  const { put, held, pass } = memory();
  put("short", [], { ttlMs: 500 });
  put("long", []);
  pass(499);
  expect(held("short", "long")).toEqual(["short", "long"]);
  pass(1);
  expect(held("short", "long")).toEqual(["long"]);
  pass(499);
  expect(held("long")).toEqual(["long"]);
  pass(1);
  expect(held("long")).toEqual([]);
});
