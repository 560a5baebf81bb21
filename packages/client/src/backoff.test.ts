import { expect, test } from "vitest";
import { ManualClock } from "../test/manual-clock.ts";
import { backoffMs, createBackoff } from "./backoff.ts";

const BOUNDS = { retryMinMs: 500, retryMaxMs: 10_000 };

test("the ceiling of the pauses doubles up to the maximum", () => {
  const pauses = [0, 1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, BOUNDS, 1));
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test("a pause is anything from 50 ms to the ceiling, evenly spread", () => {
  expect([0, 0.1, 0.11, 0.5, 1].map((chance) => backoffMs(0, BOUNDS, chance))).toEqual([
    50, 50, 55, 250, 500,
  ]);
  expect(backoffMs(2, BOUNDS, 0.25)).toBe(500);
});

test("at most one repetition is pending", async () => {
  const clock = new ManualClock(1);
  const backoff = createBackoff(clock, BOUNDS);
  const ran: string[] = [];
  backoff.schedule(() => ran.push("first"));
  backoff.schedule(() => ran.push("second"));
  await clock.advance(20_000);
  expect(ran).toEqual(["first"]);
});

test("a cancelled repetition does not run, and the next pause is longer all the same", async () => {
  const clock = new ManualClock(1);
  const backoff = createBackoff(clock, BOUNDS);
  const ran: number[] = [];
  backoff.schedule(() => ran.push(clock.now()));
  backoff.cancel();
  backoff.schedule(() => ran.push(clock.now()));
  await clock.advance(20_000);
  expect(ran).toEqual([1_000]);
});

test("after success the next pause is the shortest again", async () => {
  const clock = new ManualClock(1);
  const backoff = createBackoff(clock, BOUNDS);
  const ran: number[] = [];
  backoff.schedule(() => {});
  backoff.reset();
  backoff.schedule(() => ran.push(clock.now()));
  await clock.advance(20_000);
  expect(ran).toEqual([500]);
});

test.each([
  [{ retryAfterMs: 3_000 }, 3_250],
  [{ retryAfterMs: 300_000 }, 300_250],
  [{ retryAfterMs: 300_001 }, 300_250],
  [{ retryAfterMs: 0 }, 250],
  [{ retryAfterMs: -5 }, 250],
  [{ retryAfterMs: "soon" }, 250],
  [{ retryAfterMs: Number.NaN }, 250],
  [undefined, 250],
])("what the server asks for comes before the pause: %j", async (refusal, expected) => {
  const clock = new ManualClock(0.5);
  const ran: number[] = [];
  createBackoff(clock, BOUNDS).schedule(() => ran.push(clock.now()), refusal);
  await clock.advance(400_000);
  expect(ran).toEqual([expected]);
});
