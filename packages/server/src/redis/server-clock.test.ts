import { expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { createServerClock } from "./server-clock.ts";

test("before the first answer everything counts as expired", () => {
  expect(createServerClock(systemClock).latestMs()).toBe(Number.POSITIVE_INFINITY);
});

test("the estimate is never behind the server, and ahead by at most what the answer took", () => {
  let nowMs = 1_000;
  const serverClock = createServerClock({ ...systemClock, now: () => nowMs });
  nowMs = 1_040;
  serverClock.note(5_000, 1_000);
  expect(serverClock.latestMs()).toBe(5_040);
  nowMs = 1_140;
  expect(serverClock.latestMs()).toBe(5_140);
  serverClock.note(5_130, 1_140);
  expect(serverClock.latestMs()).toBe(5_130);
});
