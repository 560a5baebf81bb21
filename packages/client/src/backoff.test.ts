import { expect, test } from "vitest";
import { ManualClock } from "../test/manual-clock.ts";
import { Backoff, backoffMs } from "./backoff.ts";

const BOUNDS = { retryMinMs: 500, retryMaxMs: 10_000 };

test("pauses double up to the maximum", () => {
  const pauses = [0, 1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, BOUNDS, 0));
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test("chance takes away up to half of a pause", () => {
  expect(backoffMs(2, BOUNDS, 0.5)).toBe(1_500);
  expect(backoffMs(2, BOUNDS, 1)).toBe(1_000);
});

test("at most one repetition is pending", async () => {
  const clock = new ManualClock();
  const backoff = new Backoff(clock, BOUNDS);
  const ran: string[] = [];
  backoff.schedule(() => ran.push("first"));
  backoff.schedule(() => ran.push("second"));
  await clock.advance(20_000);
  expect(ran).toEqual(["first"]);
});

test("a cancelled repetition does not run, and the next pause is longer all the same", async () => {
  const clock = new ManualClock();
  const backoff = new Backoff(clock, BOUNDS);
  const ran: number[] = [];
  backoff.schedule(() => ran.push(clock.now()));
  backoff.cancel();
  backoff.schedule(() => ran.push(clock.now()));
  await clock.advance(20_000);
  expect(ran).toEqual([1_000]);
});

test("after success the next pause is the shortest again", async () => {
  const clock = new ManualClock();
  const backoff = new Backoff(clock, BOUNDS);
  const ran: number[] = [];
  backoff.schedule(() => {});
  backoff.reset();
  backoff.schedule(() => ran.push(clock.now()));
  await clock.advance(20_000);
  expect(ran).toEqual([500]);
});
