import { expect, test } from "vitest";
import { isDue, jitteredTtlMs, keepMsOf, useOf } from "./freshness.ts";
import { PLAIN_FRESHNESS } from "./request.ts";

const at = (seq: number, epoch = "e") => ({ epoch, seq });
const value = { position: at(5), ttlMs: 1_000, ttlLeftMs: 1, isMoved: false };

test("a value is current until its TTL has ended, to the millisecond", () => {
  expect(useOf(value, PLAIN_FRESHNESS, undefined)).toBe("current");
  expect(useOf({ ...value, ttlLeftMs: 0 }, PLAIN_FRESHNESS, undefined)).toBe("none");
});

test("a value that has moved is not current, whatever is left of its TTL", () => {
  expect(useOf({ ...value, ttlLeftMs: 999, isMoved: true }, PLAIN_FRESHNESS, undefined)).toBe("none");
});

test.each([
  ["swr", { swrMs: 100 }, "stale"],
  ["grace", { graceMs: 100 }, "reserve"],
  ["both", { swrMs: 100, graceMs: 200 }, "stale"],
] as const)("%s is allowed below its length of time, and not at it", (_, wishes, use) => {
  const freshness = { ...PLAIN_FRESHNESS, ...wishes };
  expect(useOf({ ...value, ttlLeftMs: -99 }, freshness, undefined)).toBe(use);
  expect(useOf({ ...value, ttlLeftMs: -200 }, freshness, undefined)).toBe("none");
});

test("between swr and grace a value is held in reserve", () => {
  const freshness = { ...PLAIN_FRESHNESS, swrMs: 100, graceMs: 200 };
  expect(useOf({ ...value, ttlLeftMs: -100 }, freshness, undefined)).toBe("reserve");
});

test("a reader with a fence is not answered with what moved after the stamp, in this epoch or another", () => {
  const freshness = { ...PLAIN_FRESHNESS, swrMs: 100, graceMs: 200 };
  const moved = { ...value, isMoved: true };
  expect(useOf(moved, freshness, at(5))).toBe("stale");
  expect(useOf(moved, freshness, at(6))).toBe("none");
  expect(useOf(moved, freshness, at(1, "other"))).toBe("none");
  expect(useOf({ ...value, ttlLeftMs: 0 }, freshness, at(6))).toBe("stale");
});

test("fresh allows nothing stale", () => {
  const freshness = { ...PLAIN_FRESHNESS, swrMs: 100, graceMs: 200, consistency: "fresh" } as const;
  expect(useOf({ ...value, ttlLeftMs: 0 }, freshness, undefined)).toBe("none");
});

test("early refresh begins at its share of the TTL", () => {
  expect([isDue(1_000, 201, 0.8), isDue(1_000, 199, 0.8), isDue(1_000, 1, 1)]).toEqual([false, true, false]);
  expect(useOf({ ...value, ttlLeftMs: 199 }, { ...PLAIN_FRESHNESS, refreshAt: 0.8 }, undefined)).toBe("due");
});

test("an entry is kept as long as anybody may be answered with it", () => {
  expect(keepMsOf(1_000, { ...PLAIN_FRESHNESS, swrMs: 100, graceMs: 200 })).toBe(1_200);
  expect(keepMsOf(1_000, PLAIN_FRESHNESS)).toBe(1_000);
});

test("jitter shortens a TTL by up to its share, evenly over keys, and the same way each time", () => {
  const ttls = Array.from({ length: 10_000 }, (_, index) =>
    jitteredTtlMs(1_000, 0.2, { key: `user:${index}`, seq: 7 }),
  );
  expect(Math.min(...ttls)).toBeGreaterThanOrEqual(800);
  expect(Math.max(...ttls)).toBeLessThanOrEqual(1_000);
  for (let tenth = 0; tenth < 10; tenth++) {
    const within = ttls.filter((ttl) => ttl >= 800 + tenth * 20 && ttl < 820 + tenth * 20).length;
    expect(within).toBeGreaterThan(800);
    expect(within).toBeLessThan(1_200);
  }
  expect(jitteredTtlMs(1_000, 0.2, { key: "user:1", seq: 7 })).toBe(ttls[1]);
  expect(jitteredTtlMs(1, 0.5, { key: "k", seq: 1 })).toBe(1);
});
