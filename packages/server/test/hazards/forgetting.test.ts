import { expect, test } from "vitest";
import type { Position } from "@livecache/wire";
import { quick } from "../cache/test-node.ts";
import { countCalls, openCluster } from "./hazard-site.ts";

/** Hazards of a ground that forgets: under memory pressure everything but the right to answer may go. */

/** Tags as counters in a store that evicts the oldest: what most tag caches are. */
function naiveCounters(most: number) {
  const counters = new Map<string, number>();
  return {
    read: (tag: string) => counters.get(tag) ?? 0,
    move(tag: string) {
      const next = (counters.get(tag) ?? 0) + 1;
      counters.delete(tag);
      counters.set(tag, next);
      if (counters.size > most) counters.delete(counters.keys().next().value!);
    },
  };
}

test("counters that were evicted: naive, they count to the same number again", () => {
  const counters = naiveCounters(2);
  counters.move("t");
  const entry = { value: "old", counter: counters.read("t") };
  for (const tag of ["x", "y"]) counters.move(tag);
  counters.move("t");
  expect(counters.read("t")).toBe(entry.counter);
});

test("counters that were evicted: ours are positions, and never come again", async () => {
  const { node } = openCluster({ maxTags: 3 });
  const [a, b] = [node("a"), node("b")];
  await a.change("t");
  await a.load("k", quick("old", ["t"]));
  for (const tag of ["x", "y", "z"]) await a.change(tag);
  await a.change("t");
  for (const one of [a, b]) {
    expect(await one.load("k", quick("new", ["t"]))).toMatchObject({ value: "new" });
  }
});

test("metadata that was evicted: naive, what is missing has not changed", () => {
  const counters = naiveCounters(2);
  const entry = { value: "old", counter: counters.read("t") };
  counters.move("t");
  for (const tag of ["x", "y"]) counters.move(tag);
  expect(counters.read("t")).toBe(entry.counter);
});

test("metadata that was evicted: ours, what is missing may have changed", async () => {
  const { ground, node } = openCluster({ maxTags: 4 });
  const a = node("a");
  const late = node("late");
  await a.load("k", quick("old", ["t"]));
  late.hearing = false;
  await a.change("t");
  for (const tag of ["x", "y", "z"]) await a.change(tag);
  const [reply] = await ground.realm("main").cacheStore.read(["k"]);
  expect(reply!.state).toBe("invalid");
  expect(await late.load("k", quick("new", ["t"]))).toMatchObject({ value: "new", source: "load" });
});

test("metadata that was evicted while a value was loaded: ours refuses what it cannot prove", async () => {
  const { ground } = openCluster({ maxTags: 2 });
  const { cacheStore, changeLog } = ground.realm("main");
  const begun = await changeLog.position();
  const move = (tag: string): Promise<Position> =>
    changeLog.append({ changeId: tag, origin: "n", tags: [tag], mode: "purge", events: [] });
  for (const tag of ["t", "x", "y"]) await move(tag);
  const input = { key: "k", tags: ["t"], value: new Uint8Array(1), ttlMs: 1_000, keepMs: 1_000 };
  expect(await cacheStore.commit({ ...input, position: begun })).toEqual({
    state: "refused",
    reason: "changed",
  });
  expect(await cacheStore.commit({ ...input, position: await changeLog.position() })).toMatchObject({
    state: "stored",
  });
});

const FIFTY = Array.from({ length: 50 }, (_, index) => `tag:${index}`);

test("50 tags per entry: naive, one question for each of them", async () => {
  const { ground, node } = openCluster();
  const a = node("a");
  await a.load("k", quick("value", FIFTY));
  const { ground: counted, calls } = countCalls(ground);
  const { cacheStore, changeLog } = counted.realm("main");
  const [reply] = await cacheStore.read(["k"]);
  expect(reply).toMatchObject({ state: "valid" });
  for (const tag of FIFTY) await changeLog.judge([{ position: await changeLog.position(), tags: [tag] }]);
  expect(calls.length).toBeGreaterThan(FIFTY.length);
});

test("50 tags per entry: ours, one question the first time, none from then on", async () => {
  const { ground, node } = openCluster();
  const a = node("a");
  await a.load("k", quick("value", FIFTY));
  const { ground: counted, calls } = countCalls(ground);
  const b = node("b", counted);
  const before = calls.length;
  expect(await b.load("k", quick("unused", FIFTY))).toMatchObject({ value: "value", source: "far" });
  for (let reads = 0; reads < 10; reads++) {
    expect(await b.load("k", quick("unused", FIFTY))).toMatchObject({ value: "value", source: "near" });
  }
  expect(calls.slice(before)).toEqual(["read"]);
});

test.each([0, 1, 24, 48, 49])("50 tags per entry: tag %d voids it on every node", async (index) => {
  const { node } = openCluster();
  const [a, b] = [node("a"), node("b")];
  await a.load("k", quick("old", FIFTY));
  await b.load("k", quick("old", FIFTY));
  await a.change(FIFTY[index]!);
  expect(await b.load("k", quick("new", FIFTY))).toMatchObject({ value: "new", reason: "changed" });
  expect(await a.load("k", quick("newer", FIFTY))).toMatchObject({ value: "new" });
});
