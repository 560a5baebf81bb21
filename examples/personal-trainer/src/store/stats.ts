import { and, desc, eq, gt, gte, sql } from "drizzle-orm";
import type { PersonalRecord, Stats } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { entries, exercises, workouts } from "../database/schema.ts";
import { MUSCLES } from "../vocabulary.ts";

const DAYS = 28;
const DAY_MS = 86_400_000;

/** What somebody trains, and the heaviest they have moved. */
export async function findStats(db: Database, userId: string): Promise<Stats> {
  const since = new Date(Date.now() - DAYS * DAY_MS);
  const ofUser = eq(workouts.userId, userId);
  const [muscles, records, [totals]] = await Promise.all([
    db
      .select({ muscle: exercises.muscle, sets: sql<number>`sum(${entries.sets})`.mapWith(Number) })
      .from(entries)
      .innerJoin(workouts, eq(workouts.id, entries.workoutId))
      .innerJoin(exercises, eq(exercises.id, entries.exerciseId))
      .where(and(ofUser, gte(workouts.finishedAt, since)))
      .groupBy(exercises.muscle),
    listRecords(db, userId),
    db
      .select({
        volumeKg:
          sql<number>`coalesce(sum(${entries.sets} * ${entries.reps} * ${entries.weightKg}), 0)`.mapWith(
            Number,
          ),
        minutes:
          sql<number>`coalesce((select avg(minutes) from workouts where user_id = ${userId}), 0)`.mapWith(
            Number,
          ),
      })
      .from(entries)
      .innerJoin(workouts, eq(workouts.id, entries.workoutId))
      .where(ofUser),
  ]);
  return {
    muscles: MUSCLES.map((muscle) => ({
      muscle,
      sets: muscles.find((row) => row.muscle === muscle)?.sets ?? 0,
    })),
    records,
    totalVolumeKg: totals?.volumeKg ?? 0,
    meanMinutes: Math.round(totals?.minutes ?? 0),
  };
}

/** The heaviest set of each exercise; of equal ones the one with more repetitions, and then the first. */
async function listRecords(db: Database, userId: string): Promise<PersonalRecord[]> {
  const rows = await db
    .selectDistinctOn([entries.exerciseId], {
      exerciseId: entries.exerciseId,
      exercise: exercises.name,
      muscle: exercises.muscle,
      weightKg: entries.weightKg,
      reps: entries.reps,
      at: workouts.finishedAt,
    })
    .from(entries)
    .innerJoin(workouts, eq(workouts.id, entries.workoutId))
    .innerJoin(exercises, eq(exercises.id, entries.exerciseId))
    .where(and(eq(workouts.userId, userId), gt(entries.weightKg, 0)))
    .orderBy(entries.exerciseId, desc(entries.weightKg), desc(entries.reps), workouts.finishedAt);
  return rows
    .map((row) => ({
      ...row,
      onceKg: onceOf(row.weightKg, row.reps),
      at: row.at.toISOString(),
    }))
    .sort((a, b) => b.at.localeCompare(a.at));
}

/** What could be lifted once, by Epley's formula. */
function onceOf(weightKg: number, reps: number): number {
  return reps === 1 ? weightKg : Math.round(weightKg * (1 + reps / 30) * 2) / 2;
}
