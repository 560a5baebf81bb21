import { expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { createAwayMemory } from "./away.ts";
import { createLease } from "./lease.ts";
import { createLedger } from "./ledger.ts";
import { createNear } from "./near.ts";
import type { NearEntry } from "./near.ts";

const at = (seq: number, epoch = "e") => ({ epoch, seq });

function entry(seq: number, bytes = 10): NearEntry {
  return {
    id: String(seq),
    value: seq,
    tags: [],
    dependencies: [],
    position: at(seq),
    validUpTo: at(seq),
    loadedAtMs: 0,
    ttlMs: 1e9,
    freshUntilMs: 1e9,
    keptUntilMs: 1e9,
    recheckAtMs: 1e9,
    bytes,
    counters: createLedger({
      clock: systemClock,
      limits: { maxPatterns: 1, maxKeys: 1, maxEventsPerKey: 1 },
    }).countersOf("k"),
    promise: undefined,
    memo: undefined,
  };
}

test("a lease lasts from when the question was asked, not a millisecond longer", () => {
  const lease = createLease(1_000);
  expect(lease.isCurrent(0, at(1))).toBe(false);
  lease.heard(100);
  expect(lease.isCurrent(1_099, at(1))).toBe(true);
  expect(lease.isCurrent(1_100, at(1))).toBe(false);
});

test("an answer that arrives late does not shorten a lease", () => {
  const lease = createLease(1_000);
  lease.heard(500);
  lease.heard(100);
  expect(lease.isCurrent(1_400, at(1))).toBe(true);
});

test("a lease is not current before the board has reached what was required, in whatever epoch", () => {
  const lease = createLease(1_000);
  lease.heard(0);
  lease.require(at(7));
  lease.require(at(6));
  expect(lease.isCurrent(1, at(6))).toBe(false);
  expect(lease.isCurrent(1, at(7))).toBe(true);
  expect(lease.isCurrent(1, at(8, "next"))).toBe(true);
  expect(lease.isCurrent(1, undefined)).toBe(false);
});

test("near memory is bounded by bytes, what is used stays, and who had to leave is told", () => {
  const evicted: string[] = [];
  const near = createNear({ maxBytes: 10_000, onEvict: (key) => void evicted.push(key) });
  near.put("used", entry(1, 800));
  for (let time = 0; time < 3; time++) near.get("used");
  for (let n = 0; n < 20; n++) near.put(`once:${n}`, entry(1, 800));
  expect(near.bytes).toBeLessThanOrEqual(10_000);
  expect(near.get("used")).toBeDefined();
  expect(near.size).toBe(21 - evicted.length);
  expect(evicted.every((key) => near.get(key) === undefined)).toBe(true);
});

test("an entry larger than the whole near memory is not kept, and pushes nothing out", () => {
  const near = createNear({ maxBytes: 4_000, onEvict: () => undefined });
  near.put("a", entry(1));
  near.put("big", entry(1, 5_000));
  expect(near.get("big")).toBeUndefined();
  expect(near.get("a")).toBeDefined();
});

test("an entry never replaces one with a newer stamp of the same epoch", () => {
  const near = createNear({ maxBytes: 4_000, onEvict: () => undefined });
  near.put("a", entry(5));
  near.put("a", entry(4));
  expect(near.get("a")?.value).toBe(5);
  near.put("a", { ...entry(1), position: at(1, "next") });
  expect(near.get("a")?.value).toBe(1);
});

test("what was loaded while the ground was away lives for a second from the start of its load, or for its TTL", () => {
  let nowMs = 0;
  const clock = { now: () => nowMs, wall: () => 0, after: () => () => undefined };
  const away = createAwayMemory(clock, { ttlMs: 1_000, maxEntries: 2 });
  const loaded = { value: 1, tags: [], dependencies: [], loadedAtMs: 0, ttlMs: 60_000, position: undefined };
  away.put("a", loaded);
  away.put("short", { ...loaded, ttlMs: 20 });
  nowMs = 19;
  expect(away.get("short")).toMatchObject({ ttlMs: 20 });
  nowMs = 20;
  expect(away.get("short")).toBeUndefined();
  nowMs = 999;
  expect(away.get("a")?.value).toBe(1);
  nowMs = 1_000;
  expect(away.get("a")).toBeUndefined();
  for (const key of ["b", "c", "d"]) away.put(key, { ...loaded, loadedAtMs: 1_000 });
  expect(["b", "c", "d"].filter((key) => away.get(key))).toEqual(["c", "d"]);
});
