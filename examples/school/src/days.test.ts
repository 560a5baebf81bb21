import { expect, test } from "vitest";
import { dayAgo, schoolDays, weekdayOf } from "./days.ts";

const SATURDAY_MS = Date.parse("2026-11-21T09:00:00Z");

test("days count back from today", () => {
  expect([dayAgo(0, SATURDAY_MS), dayAgo(21, SATURDAY_MS)]).toEqual(["2026-11-21", "2026-10-31"]);
});

test("school days leave out weekends, but never today", () => {
  expect(schoolDays(3, SATURDAY_MS)).toEqual(["2026-11-19", "2026-11-20", "2026-11-21"]);
  expect(schoolDays(2, Date.parse("2026-11-23T09:00:00Z"))).toEqual(["2026-11-20", "2026-11-23"]);
});

test("a weekend has Friday's timetable", () => {
  expect(["2026-11-16", "2026-11-20", "2026-11-21", "2026-11-22"].map(weekdayOf)).toEqual([1, 5, 5, 5]);
});
