import { and, asc, desc, eq, isNull } from "drizzle-orm";
import type { Client, FreeMember } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { people, workouts } from "../database/schema.ts";
import { streaksOf, weeksOf } from "../weeks.ts";
import { listDone } from "./progress.ts";

const COLUMNS = { userId: people.id, name: people.name, about: people.about };

/** A trainer's clients as their dashboard shows them, by name. */
export async function listClients(db: Database, trainerId: string): Promise<Client[]> {
  const own = await db
    .select({ ...COLUMNS, weeklyTarget: people.weeklyTarget })
    .from(people)
    .where(eq(people.trainerId, trainerId))
    .orderBy(asc(people.name));
  return Promise.all(own.map((person) => clientOf(db, person)));
}

/** Members without a trainer, by name. */
export function listFreeMembers(db: Database): Promise<FreeMember[]> {
  return db
    .select(COLUMNS)
    .from(people)
    .where(and(eq(people.role, "member"), isNull(people.trainerId)))
    .orderBy(asc(people.name));
}

async function clientOf(
  db: Database,
  person: Pick<Client, "userId" | "name" | "about" | "weeklyTarget">,
): Promise<Client> {
  const nowMs = Date.now();
  const [done, [last]] = await Promise.all([
    listDone(db, person.userId),
    db
      .select({ id: workouts.id, title: workouts.title, at: workouts.finishedAt })
      .from(workouts)
      .where(eq(workouts.userId, person.userId))
      .orderBy(desc(workouts.finishedAt), desc(workouts.id))
      .limit(1),
  ]);
  const weeks = weeksOf(done, nowMs);
  const moments = done.map(({ finishedAt }) => finishedAt);
  return {
    ...person,
    weekWorkouts: weeks.at(-1)!.workouts,
    weekVolumeKg: weeks.at(-1)!.volumeKg,
    streakWeeks: streaksOf(moments, person.weeklyTarget, nowMs).current,
    weeks: weeks.map(({ volumeKg }) => volumeKg),
    last: last ? { ...last, at: last.at.toISOString() } : null,
  };
}

/** The ids of a trainer's clients. */
export async function listClientIds(db: Database, trainerId: string): Promise<string[]> {
  const rows = await db.select({ id: people.id }).from(people).where(eq(people.trainerId, trainerId));
  return rows.map(({ id }) => id);
}

/** Gives a member without a trainer to one. `false` when the member has one, or does not exist. */
export async function assignClient(db: Database, memberId: string, trainerId: string): Promise<boolean> {
  const free = and(eq(people.id, memberId), eq(people.role, "member"), isNull(people.trainerId));
  const rows = await db.update(people).set({ trainerId }).where(free).returning({ id: people.id });
  return rows.length > 0;
}

/** Takes a member from their trainer. `false` when that was not the member's trainer. */
export async function unassignClient(db: Database, memberId: string, trainerId: string): Promise<boolean> {
  const own = and(eq(people.id, memberId), eq(people.trainerId, trainerId));
  const rows = await db.update(people).set({ trainerId: null }).where(own).returning({ id: people.id });
  return rows.length > 0;
}
