import type { ChangeTrace } from "@livecache/wire";
import { expect, test } from "vitest";
import { modelOf, placeOf, ticksOf } from "./trace-model.ts";

const EMPTY = { tagCount: 0, tags: [], dropped: 0, events: [] };

const TRACE: ChangeTrace = {
  changeId: "c",
  missing: [],
  nodes: [
    {
      ...EMPTY,
      node: "b",
      changeId: "c",
      appliedAtMs: 1_003,
      dropped: 2,
      told: { atMs: 1_004, queries: 2, watchers: 5, keys: [] },
      watchedAgain: { count: 4, lastAtMs: 1_050 },
      events: [{ atMs: 1_003, channel: "hostel/7", name: "created", members: 3 }],
      firstRead: { atMs: 1_020, key: "hostel:7", reason: "changed", ms: 12 },
    },
    {
      ...EMPTY,
      node: "a",
      changeId: "c",
      position: "e.7",
      tagCount: 1,
      tags: ["hostel:7"],
      write: { atMs: 1_000, ms: 2, scope: "cluster", events: [] },
      appliedAtMs: 999.5,
    },
  ],
};

test("the node that made the change comes first, and nothing comes before its cause", () => {
  const { lanes, tags, position, endMs } = modelOf(TRACE)!;
  expect(lanes.map(({ node, isOrigin, lagMs }) => [node, isOrigin, lagMs])).toEqual([
    ["a", true, 0],
    ["b", false, 3],
  ]);
  expect([tags, position, endMs]).toEqual([["hostel:7"], "e.7", 50]);
  expect(lanes[1]!.bars.map(({ name, fromMs, toMs }) => [name, fromMs, toMs])).toEqual([
    ["apply", 0, 3],
    ["event", 3, 3],
    ["told", 4, 4],
    ["back", 4, 50],
    ["read", 8, 20],
  ]);
});

test("the story adds up what all nodes say, and names what has not happened", () => {
  const { steps } = modelOf(TRACE)!;
  expect(steps.map(({ figure }) => figure)).toEqual(["2.0 ms", "3.0 ms", "2", "3", "5", "4 of 5", "12 ms"]);
  const quiet = modelOf({ ...TRACE, nodes: [TRACE.nodes[1]!] })!;
  expect(quiet.steps.filter(({ isThere }) => isThere).map(({ name }) => name)).toEqual(["write", "apply"]);
});

test("a change that no node remembers is none", () => {
  expect(modelOf({ changeId: "c", nodes: [], missing: ["a"] })).toBeUndefined();
});

test("milliseconds and minutes have room on one axis", () => {
  expect([placeOf(0, 60_000), placeOf(60_000, 60_000)]).toEqual([0, 1]);
  expect(placeOf(1, 60_000)).toBeGreaterThan(0.08);
  expect(ticksOf(60_000).length).toBeLessThanOrEqual(7);
  expect(ticksOf(4)).toEqual([0, 1, 3]);
});
