import { expect, test } from "vitest";
import { checkSwitching } from "./switching.ts";
import type { Outage, StatusRecord } from "./switching.ts";

const OUTAGE: Outage = {
  ...{ node: "a", kind: "redis-kill", fromMs: 1_000, untilMs: 4_000 },
  ...{ awayWithinMs: 300, hereWithinMs: 3_000 },
};

function statuses(...changes: readonly (readonly [number, StatusRecord["state"]])[]): StatusRecord[] {
  return changes.map(([atMs, state]) => ({ node: "a", atMs, state }));
}

function judge(changes: readonly StatusRecord[], outage: Partial<Outage> = {}) {
  const { over, back, findings } = checkSwitching([{ ...OUTAGE, ...outage }], changes);
  return { over, back, texts: findings.map(({ text }) => text) };
}

test("times are measured from the fault, and from its end", () => {
  const told = statuses([0, "here"], [1_300, "away"], [7_000, "here"]);
  expect(judge(told)).toEqual({ over: [300], back: [3_000], texts: [] });
});

test("a node that notices too late is found, or comes back too late", () => {
  const told = statuses([0, "here"], [1_301, "away"], [7_001, "here"]);
  expect(judge(told).texts).toEqual([
    "a, redis-kill: away after 301 ms, at most 300 may be",
    "a, redis-kill: here after 3001 ms, at most 3000 may be",
  ]);
});

test("a node that never notices is found, unless it was over too soon", () => {
  expect(judge(statuses([0, "here"])).texts).toEqual(["a, redis-kill: away never, at most 300 may be"]);
  expect(judge(statuses([0, "here"]), { untilMs: 1_300 }).texts).toEqual([]);
});

test("a node that stays away is found, and one that was away before is not", () => {
  expect(judge(statuses([0, "here"], [1_100, "away"])).texts).toEqual([
    "a, redis-kill: here never, at most 3000 may be",
  ]);
  expect(judge(statuses([0, "away"], [4_100, "here"])).texts).toEqual([]);
  const others = [{ node: "b", atMs: 1_100, state: "away" } as const];
  expect(judge([...statuses([0, "here"]), ...others]).texts).toHaveLength(1);
});

test("spans in which times mean nothing are left out", () => {
  const told = statuses([0, "here"], [1_900, "away"], [7_900, "here"]);
  const isTimed = (fromMs: number, untilMs: number): boolean => fromMs > 2_000 || untilMs < 1_000;
  const { over, back, findings } = checkSwitching([OUTAGE], told, isTimed);
  expect({ over, back }).toEqual({ over: [], back: [3_900] });
  expect(findings.map(({ text }) => text)).toEqual([
    "a, redis-kill: here after 3900 ms, at most 3000 may be",
  ]);
});
