import { expect, test } from "vitest";
import { countOf, dayWords, hoursWords, timeAgo } from "./words.ts";

const now = Date.parse("2026-11-20T12:00:00Z");

test.each([
  ["2026-11-20T11:59:30Z", "just now"],
  ["2026-11-20T12:00:05Z", "just now"],
  ["2026-11-20T11:58:00Z", "2 min. ago"],
  ["2026-11-20T09:00:00Z", "3 hr. ago"],
  ["2026-11-19T09:00:00Z", "yesterday"],
  ["2026-11-10T09:00:00Z", "10 days ago"],
])("%s is %s", (moment, words) => {
  expect(timeAgo(moment, now)).toBe(words);
});

test.each([
  [0.5, "30 min"],
  [3, "3 h"],
  [7.46, "7.5 h"],
  [60, "2.5 days"],
])("%d hours are %s", (hours, words) => {
  expect(hoursWords(hours)).toBe(words);
});

test("counts and days read as people say them", () => {
  expect([countOf(1, "issue"), countOf(0, "issue")]).toEqual(["1 issue", "0 issues"]);
  expect(dayWords("2026-11-09")).toBe("9 Nov");
});
