import { expect, test } from "vitest";
import { createSignals } from "../base/signals.ts";
import type { SignalKinds } from "../base/signals.ts";
import { createTrails } from "./trails.ts";

const LIMITS = { maxChanges: 3, maxListed: 2, maxKeys: 2 };
const position = { epoch: "e1", seq: 5 };

function node() {
  const signals = createSignals("n1");
  const time = { nowMs: 1_000 };
  const trails = createTrails({ signals, date: () => time.nowMs, limits: LIMITS });
  const apply = (changeId: string, more: Partial<SignalKinds["applied"]> = {}): void =>
    signals.tell("applied", { changeId, origin: "n2", position, tags: ["a"], channels: [], ...more });
  return { signals, trails, time, apply };
}

test("a change is followed from the write to the first fresh read", () => {
  const { signals, trails, time, apply } = node();
  const events = [{ channel: "hostel/7", name: "new_issue" }];
  const made = { changeId: "c1", scope: "cluster", position, tags: ["a", "b", "c"], events } as const;
  signals.tell("change", { ...made, startedAtMs: 0, ms: 4 });
  time.nowMs = 1_002;
  apply("c1", { origin: "n1", tags: made.tags });
  signals.tell("told", { changeId: "c1", keys: ["GET /a"], queries: 1, watchers: 2 });
  signals.tell("event", { changeId: "c1", ...events[0]!, members: 9 });
  trails.narrate({ type: "dropped", key: "GET /a", cause: { changeId: "c1" } });
  trails.narrate({ type: "dropped", key: "GET /b", cause: { changeId: "c1" } });
  time.nowMs = 1_010;
  trails.narrate({ type: "answered", key: "GET /a", reason: "changed", ms: 6 });
  trails.narrate({ type: "answered", key: "GET /b", reason: "changed", ms: 60 });
  signals.tell("watched", { key: "GET /a", position });
  expect(trails.of("c1")).toEqual({
    changeId: "c1",
    position: "e1.5",
    origin: "n1",
    tagCount: 3,
    tags: ["a", "b"],
    write: { atMs: 996, ms: 4, scope: "cluster", events },
    appliedAtMs: 1_002,
    dropped: 2,
    told: { atMs: 1_002, queries: 1, watchers: 2, keys: ["GET /a"] },
    watchedAgain: { count: 1, lastAtMs: 1_010 },
    events: [{ ...events[0], members: 9, atMs: 1_002 }],
    firstRead: { atMs: 1_010, key: "GET /a", reason: "changed", ms: 6 },
  });
});

test("who watches an older response, another one, or comes once too often does not count", () => {
  const { signals, trails, apply } = node();
  apply("c1");
  signals.tell("told", { changeId: "c1", keys: ["k"], queries: 1, watchers: 1 });
  signals.tell("watched", { key: "k", position: { epoch: "e1", seq: 4 } });
  signals.tell("watched", { key: "k", position: { epoch: "e0", seq: 9 } });
  signals.tell("watched", { key: "other", position });
  expect(trails.of("c1")).not.toHaveProperty("watchedAgain");
  signals.tell("watched", { key: "k", position });
  signals.tell("watched", { key: "k", position });
  expect(trails.of("c1")).toMatchObject({ watchedAgain: { count: 1 } });
});

test("only so many changes, tags, events and keys are remembered", () => {
  const { signals, trails, apply } = node();
  for (const id of ["c1", "c2", "c3", "c4"]) apply(id);
  expect(trails.of("c1")).toBeUndefined();
  expect(trails.recent(10).map(({ changeId }) => changeId)).toEqual(["c4", "c3", "c2"]);
  expect(trails.recent(1).map(({ changeId }) => changeId)).toEqual(["c4"]);
  for (const name of ["x", "y", "z"])
    signals.tell("event", { changeId: "c4", channel: "c", name, members: 1 });
  expect(trails.of("c4")?.events.map(({ name }) => name)).toEqual(["x", "y"]);
  for (const key of ["k1", "k2", "k3"]) trails.narrate({ type: "dropped", key, cause: { changeId: "c4" } });
  trails.narrate({ type: "answered", key: "k1", reason: "changed", ms: 1 });
  expect(trails.of("c4")).not.toHaveProperty("firstRead");
  trails.narrate({ type: "answered", key: "k2", reason: "changed", ms: 1 });
  expect(trails.of("c4")).toMatchObject({ dropped: 3, firstRead: { key: "k2" } });
});

test("what no change caused, or one that is forgotten, is nobody's", () => {
  const { trails, apply } = node();
  apply("c1");
  trails.narrate({ type: "dropped", key: "k" });
  trails.narrate({ type: "dropped", key: "k", cause: { changeId: undefined } });
  trails.narrate({ type: "dropped", key: "k", cause: { changeId: "c0" } });
  trails.narrate({ type: "answered", key: "k", reason: "changed", ms: 1 });
  expect(trails.of("c1")).toMatchObject({ dropped: 0 });
});
