import { beforeEach, expect, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import type { ManualClock } from "../../test/socketio/manual-clock.ts";
import { createMoveHistory } from "./history.ts";
import { createLedger } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import type { CacheEvent } from "./narration.ts";

let clock: ManualClock;
let ledger: Ledger;

beforeEach(() => {
  clock = createManualClock();
  ledger = createLedger({ clock, limits: { maxPatterns: 3, maxKeys: 4, maxEventsPerKey: 2 } });
});

const answered = (key: string, reason: "hit-far" | "absent" = "hit-far"): CacheEvent => ({
  type: "answered",
  key,
  reason,
  ms: 1,
});

function loaded(key: string, part: Partial<CacheEvent & { type: "loaded" }> = {}): CacheEvent {
  const what = { outcome: "stored", reason: "absent", ttlMs: 1_000, bytes: 1, tags: [] } as const;
  return { type: "loaded", key, ms: 5, position: undefined, ...what, ...part };
}

test("answers and loads are counted by pattern", () => {
  for (const key of ["user:1", "user:2"]) ledger.tell(answered(key));
  ledger.tell(loaded("user:1", { ms: 5 }));
  ledger.tell(loaded("user:2", { ms: 7, outcome: "failed" }));
  expect(ledger.patterns()).toMatchObject([
    { pattern: "user:*", loads: 2, loadErrors: 1, loadMsTotal: 12, loadMsMost: 7 },
  ]);
  expect(ledger.countersOf("user:3").answers["hit-far"]).toBe(2);
});

test("as many patterns are counted as there may be, and all others together", () => {
  for (const key of ["a", "b", "c", "d", "e"]) ledger.tell(answered(key));
  expect(ledger.patterns().map(({ pattern, answers }) => [pattern, answers["hit-far"]])).toEqual([
    ["a", 1],
    ["b", 1],
    ["c", 1],
    ["(others)", 2],
  ]);
});

test("the last events of a key are remembered, newest first, for the keys last heard of", () => {
  ledger.tell(answered("k:1", "absent"));
  ledger.tell(loaded("k:1"));
  ledger.tell(answered("k:1", "absent"));
  expect(ledger.eventsOf("k:1").map(({ type }) => type)).toEqual(["answered", "loaded"]);
  expect(ledger.eventsOf("k:1")[0]).toMatchObject({ reason: "absent", atMs: expect.any(Number) });
  for (const key of ["k:2", "k:3", "k:4"]) ledger.tell(answered(key, "absent"));
  expect(ledger.eventsOf("k:1")).toHaveLength(2);
  ledger.tell(answered("k:5", "absent"));
  expect(ledger.eventsOf("k:1")).toEqual([]);
});

test("hits are counted, and push out nothing that is remembered", () => {
  ledger.tell(answered("k:1", "absent"));
  for (let n = 2; n < 20; n++) ledger.tell(answered(`k:${n}`));
  expect(ledger.eventsOf("k:1")).toHaveLength(1);
  expect(ledger.countersOf("k:1").answers).toMatchObject({ absent: 1, "hit-far": 18 });
});

test("a key is remembered as stored until its TTL ends, and then as expired", () => {
  expect(ledger.remembers("k")).toBeUndefined();
  ledger.tell(loaded("k"));
  clock.advance(999);
  expect(ledger.remembers("k")).toBe("stored");
  clock.advance(1);
  expect(ledger.remembers("k")).toBe("expired");
});

test("what was dropped as changed is not remembered as stored; what left this node's memory for want of room is", () => {
  ledger.tell(loaded("k"));
  ledger.tell({ type: "dropped", key: "k", from: "near", reason: "evicted" });
  expect(ledger.remembers("k")).toBe("stored");
  ledger.tell({ type: "dropped", key: "k", from: "far", reason: "changed" });
  expect(ledger.remembers("k")).toBeUndefined();
});

test("the last change of any of the tags past a position is the cause, in the same epoch", () => {
  const history = createMoveHistory(2);
  const at = (seq: number, epoch = "e") => ({ epoch, seq });
  const note = (seq: number, ...tags: string[]) =>
    history.note({
      ...{ position: at(seq), previous: seq - 1, changeId: `c${seq}`, origin: "n", tags },
      mode: "purge",
      channels: [],
    });
  note(1, "a");
  note(2, "b");
  expect(history.causeOf(["a", "b"], at(0))).toEqual({ tag: "b", changeId: "c2", position: at(2) });
  expect(history.causeOf(["a"], at(1))).toBeUndefined();
  expect(history.causeOf(["a"], at(0, "other"))).toBeUndefined();
  note(3, "a");
  note(4, "c");
  expect(history.causeOf(["b"], at(0))).toBeUndefined();
  expect(history.causeOf(["a", "c"], at(0))).toMatchObject({ tag: "c" });
});
