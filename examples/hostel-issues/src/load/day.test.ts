import { expect, test } from "vitest";
import { createChance } from "example-kit/chance";
import { planDay } from "./day.ts";

test("a seed always gives the same day", () => {
  expect(planDay(createChance(4), 50)).toEqual(planDay(createChance(4), 50));
  expect(planDay(createChance(4), 50)).not.toEqual(planDay(createChance(5), 50));
});

test("a day runs from midnight to midnight, and nothing is mended before it was reported", () => {
  const day = planDay(createChance(1), 200);
  const hours = day.map(({ hour }) => hour);
  expect(hours).toEqual(hours.toSorted((a, b) => a - b));
  expect(hours[0]).toBeGreaterThanOrEqual(0);
  expect(hours.at(-1)).toBeLessThan(24);
  const reported = new Map<number, string>();
  const mendedTooEarly = day.filter(({ act }) => {
    if (act.type === "report") reported.set(act.report, act.hostelId);
    return act.type === "status" && reported.get(act.report) !== act.hostelId;
  });
  expect(mendedTooEarly).toEqual([]);
  expect(reported.size).toBe(200);
});

test("the evening is busier than the night", () => {
  const day = planDay(createChance(1), 300);
  const reports = (from: number, to: number): number =>
    day.filter(({ hour, act }) => act.type === "report" && hour >= from && hour < to).length;
  expect(reports(17, 21)).toBeGreaterThan(4 * reports(1, 5));
});
