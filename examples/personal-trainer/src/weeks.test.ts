import { expect, test } from "vitest";
import { streaksOf, weeksOf } from "./weeks.ts";

/** A Saturday. */
const NOW = Date.parse("2026-11-21T12:00:00Z");

function on(day: string) {
  return new Date(`${day}T10:00:00Z`);
}

test("weeks begin on Monday, and the last of eight is this one", () => {
  const work = { volumeKg: 100, minutes: 30, sets: 9 };
  const days = ["2026-11-15", "2026-11-16", "2026-11-21", "2026-09-01"];
  const weeks = weeksOf(
    days.map((day) => ({ ...work, finishedAt: on(day) })),
    NOW,
  );
  expect(weeks).toHaveLength(8);
  expect(weeks.at(-1)).toEqual({ week: "2026-11-16", workouts: 2, volumeKg: 200, minutes: 60, sets: 18 });
  expect(weeks.at(-2)).toMatchObject({ week: "2026-11-09", workouts: 1 });
  expect(weeks[0]).toMatchObject({ week: "2026-09-28", workouts: 0 });
});

test("a streak goes on while the target is met, and this week ends nothing before it is over", () => {
  const twice = (first: string, second: string) => [on(first), on(second)];
  const lastWeek = twice("2026-11-09", "2026-11-12");
  const before = twice("2026-11-02", "2026-11-03");
  const long = [
    ...twice("2026-10-05", "2026-10-06"),
    ...twice("2026-10-12", "2026-10-13"),
    ...twice("2026-10-19", "2026-10-20"),
  ];
  expect(streaksOf([...lastWeek, ...before], 2, NOW)).toEqual({ current: 2, best: 2 });
  expect(streaksOf([...lastWeek, on("2026-11-16")], 2, NOW)).toEqual({ current: 1, best: 1 });
  expect(streaksOf([...lastWeek, ...twice("2026-11-16", "2026-11-20")], 2, NOW)).toEqual({
    current: 2,
    best: 2,
  });
  expect(streaksOf(long, 2, NOW)).toEqual({ current: 0, best: 3 });
  expect(streaksOf([], 1, NOW)).toEqual({ current: 0, best: 0 });
});
