import { isLiveError } from "@livecache/wire";
import { expect, test } from "vitest";
import { createAdmissions } from "./admission.ts";

function rig(perSecond: number) {
  let nowMs = 0;
  const admissions = createAdmissions({ now: () => nowMs }, perSecond);
  return {
    advance: (ms: number) => void (nowMs += ms),
    /** `0` when it was admitted, or when to come back. */
    ask(): number {
      try {
        admissions.admit();
        return 0;
      } catch (error) {
        if (!isLiveError(error) || error.code !== "LIVE_NODE_BUSY" || !error.retryable) throw error;
        expect(error.message).toContain(`${String(error.details["retryAfterMs"])} ms`);
        return error.details["retryAfterMs"] as number;
      }
    },
  };
}

test("below and at the rate everybody is admitted, above it the rest is told when to come back", () => {
  const { ask, advance } = rig(100);
  const first = Array.from({ length: 200 }, ask);
  expect(first.filter((wait) => wait > 0)).toEqual([]);
  expect(ask()).toBeGreaterThanOrEqual(250);
  advance(1_000);
  expect(Array.from({ length: 100 }, ask).filter((wait) => wait > 0)).toEqual([]);
  expect(ask()).toBeGreaterThan(0);
});

test("a storm is spread over the time that it takes to admit all", () => {
  const { ask } = rig(100);
  for (let number = 0; number < 200; number++) ask();
  const waits = Array.from({ length: 1_000 }, ask);
  expect(waits[999]).toBeGreaterThanOrEqual(10_000);
  expect(waits[999]).toBeLessThanOrEqual(13_000);
  expect(waits[0]).toBeLessThan(400);
  const perSecond = new Map<number, number>();
  for (const wait of waits) {
    const second = Math.floor(wait / 1_000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  expect(Math.max(...perSecond.values())).toBeLessThan(200);
});

test("a storm comes in when everybody does what it was told", () => {
  const { ask, advance } = rig(100);
  let waiting: number[] = Array.from({ length: 1_000 }, () => 0);
  let elapsedMs = 0;
  let asked = 0;
  while (waiting.length > 0 && elapsedMs < 60_000) {
    const due = waiting.filter((at) => at <= elapsedMs);
    asked += due.length;
    const again = due.map(ask).filter((wait) => wait > 0);
    waiting = [...waiting.filter((at) => at > elapsedMs), ...again.map((wait) => elapsedMs + wait)];
    advance(50);
    elapsedMs += 50;
  }
  expect(waiting).toEqual([]);
  // 200 at once, the others at 100 a second: 8 s would be perfect.
  expect(elapsedMs).toBeLessThan(14_000);
  expect(asked).toBeLessThan(3_000);
});

test("nobody is sent away for longer than a minute, and the line is forgotten", () => {
  const { ask, advance } = rig(1);
  let longest = 0;
  for (let number = 0; number < 1_000; number++) longest = Math.max(longest, ask());
  expect(longest).toBe(60_000);
  advance(2_000_000);
  expect([ask(), ask()]).toEqual([0, 0]);
  expect(ask()).toBeLessThan(1_500);
});
