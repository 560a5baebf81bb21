import { and, asc, eq, gte } from "drizzle-orm";
import type { GroupSession } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { attendances, groupSessions, people } from "../database/schema.ts";

export interface NewSession {
  readonly title: string;
  readonly place: string;
  readonly startsAt: Date;
  readonly note: string;
}

/** A session is listed until an hour after it began. */
const LISTED_MS = 3_600_000;

/** A trainer's sessions to come, the next one first, with who comes. */
export async function listSessions(db: Database, trainerId: string): Promise<GroupSession[]> {
  const rows = await selectSessions(db)
    .where(
      and(
        eq(groupSessions.trainerId, trainerId),
        gte(groupSessions.startsAt, new Date(Date.now() - LISTED_MS)),
      ),
    )
    .orderBy(asc(groupSessions.startsAt), asc(groupSessions.id));
  return Promise.all(rows.map((row) => complete(db, row)));
}

export async function findSession(db: Database, id: number): Promise<GroupSession | undefined> {
  const [row] = await selectSessions(db).where(eq(groupSessions.id, id));
  return row && complete(db, row);
}

export async function createGroupSession(
  db: Database,
  trainerId: string,
  input: NewSession,
): Promise<GroupSession> {
  const [row] = await db
    .insert(groupSessions)
    .values({ ...input, trainerId })
    .returning({ id: groupSessions.id });
  return (await findSession(db, row!.id))!;
}

export async function deleteSession(db: Database, id: number): Promise<void> {
  await db.delete(groupSessions).where(eq(groupSessions.id, id));
}

/** Says whether somebody comes; saying the same twice changes nothing. */
export async function setComing(
  db: Database,
  {
    sessionId,
    userId,
    coming,
  }: { readonly sessionId: number; readonly userId: string; readonly coming: boolean },
): Promise<void> {
  if (coming) await db.insert(attendances).values({ sessionId, userId }).onConflictDoNothing();
  else {
    await db
      .delete(attendances)
      .where(and(eq(attendances.sessionId, sessionId), eq(attendances.userId, userId)));
  }
}

function selectSessions(db: Database) {
  return db
    .select({
      id: groupSessions.id,
      trainer: { id: people.id, name: people.name },
      title: groupSessions.title,
      place: groupSessions.place,
      startsAt: groupSessions.startsAt,
      note: groupSessions.note,
    })
    .from(groupSessions)
    .innerJoin(people, eq(people.id, groupSessions.trainerId))
    .$dynamic();
}

async function complete(
  db: Database,
  row: Awaited<ReturnType<typeof selectSessions>>[number],
): Promise<GroupSession> {
  const coming = await db
    .select({ id: people.id, name: people.name })
    .from(attendances)
    .innerJoin(people, eq(people.id, attendances.userId))
    .where(eq(attendances.sessionId, row.id))
    .orderBy(asc(people.name));
  return { ...row, startsAt: row.startsAt.toISOString(), coming };
}
