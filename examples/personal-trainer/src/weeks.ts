import type { Week } from "./answers.ts";
import { WEEKS } from "./vocabulary.ts";

/** What weeks are counted from. */
export interface Done {
  readonly finishedAt: Date;
  readonly volumeKg: number;
  readonly minutes: number;
  readonly sets: number;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** The first Monday of 1970 was the fifth of January. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** The last eight weeks (Monday to Sunday, UTC), this one last. */
export function weeksOf(done: readonly Done[], nowMs: number): Week[] {
  const thisWeek = weekNumber(nowMs);
  return Array.from({ length: WEEKS }, (_, index) => {
    const number = thisWeek - WEEKS + 1 + index;
    const own = done.filter(({ finishedAt }) => weekNumber(finishedAt.getTime()) === number);
    return {
      week: new Date(FIRST_MONDAY_MS + number * WEEK_MS).toISOString().slice(0, 10),
      workouts: own.length,
      volumeKg: sum(own.map(({ volumeKg }) => volumeKg)),
      minutes: sum(own.map(({ minutes }) => minutes)),
      sets: sum(own.map(({ sets }) => sets)),
    };
  });
}

/**
 * Weeks in a row with at least `target` workouts: up to now, and the most there ever were. This week counts as soon as the target is met, and
 * ends nothing before it is over.
 */
export function streaksOf(
  moments: readonly Date[],
  target: number,
  nowMs: number,
): { readonly current: number; readonly best: number } {
  const counts = new Map<number, number>();
  for (const moment of moments) {
    const number = weekNumber(moment.getTime());
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const met = new Set([...counts].filter(([, count]) => count >= target).map(([number]) => number));
  const lengthUpTo = (number: number): number => {
    let length = 0;
    while (met.has(number - length)) length += 1;
    return length;
  };
  const thisWeek = weekNumber(nowMs);
  const current = lengthUpTo(met.has(thisWeek) ? thisWeek : thisWeek - 1);
  return { current, best: Math.max(current, ...[...met].map(lengthUpTo)) };
}

function weekNumber(ms: number): number {
  return Math.floor((ms - FIRST_MONDAY_MS) / WEEK_MS);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
