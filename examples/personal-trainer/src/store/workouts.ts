import { and, asc, count, desc, eq, inArray, max, ne } from "drizzle-orm";
import type { Entry, Workout } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { comments, entries, exercises, workouts } from "../database/schema.ts";

/** The newest so many are listed. */
const MOST = 100;

/** A line of a workout, as it is filled in. */
export interface NewEntry {
  readonly exerciseId: string;
  readonly sets: number;
  readonly reps: number;
  readonly weightKg: number;
}

export interface NewWorkout {
  readonly title: string;
  readonly minutes: number;
  readonly notes: string;
  readonly finishedAt: Date;
  readonly entries: readonly NewEntry[];
}

/** A person's newest workouts, newest first. */
export async function listWorkouts(db: Database, userId: string): Promise<Workout[]> {
  const rows = await db
    .select()
    .from(workouts)
    .where(eq(workouts.userId, userId))
    .orderBy(desc(workouts.finishedAt), desc(workouts.id))
    .limit(MOST);
  return complete(db, rows);
}

export async function findWorkout(db: Database, id: number): Promise<Workout | undefined> {
  const [found] = await complete(db, await db.select().from(workouts).where(eq(workouts.id, id)));
  return found;
}

/** Which of these exercises there are not. */
export async function unknownExercises(db: Database, ids: readonly string[]): Promise<string[]> {
  const known = await db
    .select({ id: exercises.id })
    .from(exercises)
    .where(inArray(exercises.id, [...ids]));
  return ids.filter((id) => !known.some((row) => row.id === id));
}

/** Records a workout, with the number of exercises in which it beats all before. */
export function createWorkout(db: Database, userId: string, input: NewWorkout): Promise<Workout> {
  const { entries: lines, ...workout } = input;
  return db.transaction(async (tx) => {
    const records = await countRecords(tx, userId, lines);
    const [row] = await tx
      .insert(workouts)
      .values({ ...workout, userId, records })
      .returning({ id: workouts.id });
    await insertEntries(tx, row!.id, lines);
    return (await findWorkout(tx, row!.id))!;
  });
}

/** Replaces what a workout says; it stays where it was in time. */
export function updateWorkout(
  db: Database,
  { id, userId }: Pick<Workout, "id" | "userId">,
  { entries: lines, finishedAt: _finishedAt, ...workout }: NewWorkout,
): Promise<Workout> {
  return db.transaction(async (tx) => {
    const records = await countRecords(tx, userId, lines, id);
    await tx
      .update(workouts)
      .set({ ...workout, records })
      .where(eq(workouts.id, id));
    await tx.delete(entries).where(eq(entries.workoutId, id));
    await insertEntries(tx, id, lines);
    return (await findWorkout(tx, id))!;
  });
}

export async function deleteWorkout(db: Database, id: number): Promise<void> {
  await db.delete(workouts).where(eq(workouts.id, id));
}

async function insertEntries(db: Database, workoutId: number, lines: readonly NewEntry[]): Promise<void> {
  await db.insert(entries).values(lines.map((line, place) => ({ ...line, place, workoutId })));
}

/** In how many exercises these lines are heavier than anything else the person has done. A first time is no record. */
async function countRecords(
  db: Database,
  userId: string,
  ...[lines, exceptId]: [readonly NewEntry[], number?]
): Promise<number> {
  const best = await db
    .select({ exerciseId: entries.exerciseId, weightKg: max(entries.weightKg) })
    .from(entries)
    .innerJoin(workouts, eq(workouts.id, entries.workoutId))
    .where(and(eq(workouts.userId, userId), exceptId === undefined ? undefined : ne(workouts.id, exceptId)))
    .groupBy(entries.exerciseId);
  const beaten = best.filter(({ exerciseId, weightKg }) =>
    lines.some((line) => line.exerciseId === exerciseId && line.weightKg > (weightKg ?? 0)),
  );
  return beaten.length;
}

type WorkoutRow = typeof workouts.$inferSelect;

/** Adds their lines, and how many comments there are. */
async function complete(db: Database, rows: readonly WorkoutRow[]): Promise<Workout[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [lines, talk] = await Promise.all([
    db
      .select({
        workoutId: entries.workoutId,
        exerciseId: entries.exerciseId,
        exercise: exercises.name,
        muscle: exercises.muscle,
        sets: entries.sets,
        reps: entries.reps,
        weightKg: entries.weightKg,
      })
      .from(entries)
      .innerJoin(exercises, eq(exercises.id, entries.exerciseId))
      .where(inArray(entries.workoutId, ids))
      .orderBy(asc(entries.workoutId), asc(entries.place)),
    db
      .select({ workoutId: comments.workoutId, count: count() })
      .from(comments)
      .where(inArray(comments.workoutId, ids))
      .groupBy(comments.workoutId),
  ]);
  const linesOf = new Map<number, Entry[]>(ids.map((id) => [id, []]));
  for (const { workoutId, ...line } of lines) linesOf.get(workoutId)!.push(line);
  return rows.map((row) => {
    const own = linesOf.get(row.id)!;
    return {
      ...row,
      finishedAt: row.finishedAt.toISOString(),
      volumeKg: own.reduce((sum, { sets, reps, weightKg }) => sum + sets * reps * weightKg, 0),
      sets: own.reduce((sum, { sets }) => sum + sets, 0),
      comments: talk.find(({ workoutId }) => workoutId === row.id)?.count ?? 0,
      entries: own,
    };
  });
}
