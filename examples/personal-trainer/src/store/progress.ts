import { asc, eq, sql } from "drizzle-orm";
import type { Goal, Progress } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { entries, exercises, goals, people, workouts } from "../database/schema.ts";
import type { GoalKind } from "../vocabulary.ts";
import { streaksOf, weeksOf } from "../weeks.ts";
import type { Done } from "../weeks.ts";

/** How far somebody has come, by everything they have recorded. */
export async function findProgress(db: Database, userId: string): Promise<Progress> {
  const nowMs = Date.now();
  const [done, [person]] = await Promise.all([
    listDone(db, userId),
    db.select({ weeklyTarget: people.weeklyTarget }).from(people).where(eq(people.id, userId)),
  ]);
  const weeklyTarget = person?.weeklyTarget ?? 3;
  const weeks = weeksOf(done, nowMs);
  const [lastWeek, thisWeek] = [weeks.at(-2)!, weeks.at(-1)!];
  const streaks = streaksOf(
    done.map(({ finishedAt }) => finishedAt),
    weeklyTarget,
    nowMs,
  );
  const reached = { weekly_workouts: thisWeek.workouts, weekly_volume: thisWeek.volumeKg };
  return {
    thisWeek,
    lastWeek,
    weeks,
    streakWeeks: streaks.current,
    bestStreakWeeks: streaks.best,
    weeklyTarget,
    totalWorkouts: done.length,
    goals: await listGoals(db, userId, reached),
  };
}

/** What a person has done, workout by workout, oldest first. */
export async function listDone(db: Database, userId: string): Promise<Done[]> {
  const volume = sql<number>`coalesce(sum(${entries.sets} * ${entries.reps} * ${entries.weightKg}), 0)`;
  const rows = await db
    .select({
      finishedAt: workouts.finishedAt,
      minutes: workouts.minutes,
      volumeKg: volume.mapWith(Number),
      sets: sql<number>`coalesce(sum(${entries.sets}), 0)`.mapWith(Number),
    })
    .from(workouts)
    .leftJoin(entries, eq(entries.workoutId, workouts.id))
    .where(eq(workouts.userId, userId))
    .groupBy(workouts.id)
    .orderBy(asc(workouts.finishedAt));
  return rows;
}

async function listGoals(
  db: Database,
  userId: string,
  week: Readonly<Record<Exclude<GoalKind, "lift">, number>>,
): Promise<Goal[]> {
  const best = sql<number>`coalesce((
    select max(${entries.weightKg}) from ${entries} inner join ${workouts} on ${workouts.id} = ${entries.workoutId}
    where ${workouts.userId} = ${userId} and ${entries.exerciseId} = ${goals.exerciseId}), 0)`;
  const rows = await db
    .select({
      id: goals.id,
      kind: goals.kind,
      target: goals.target,
      exercise: exercises.name,
      best: best.mapWith(Number),
    })
    .from(goals)
    .leftJoin(exercises, eq(exercises.id, goals.exerciseId))
    .where(eq(goals.userId, userId))
    .orderBy(asc(goals.id));
  return rows.map(({ id, kind, target, exercise, best: heaviest }) => ({
    id,
    kind,
    target,
    title: titleOf(kind, exercise),
    reached: kind === "lift" ? heaviest : week[kind],
    inKg: kind !== "weekly_workouts",
  }));
}

function titleOf(kind: GoalKind, exercise: string | null): string {
  if (kind === "lift") return exercise ?? "Lift";
  return kind === "weekly_workouts" ? "Workouts a week" : "Volume a week";
}
