import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { ThreadAnswer, ThreadHead } from "../answers.ts";
import type { Message } from "../contract.ts";
import type { Database } from "../database/database.ts";
import { children, classes, messages, people } from "../database/schema.ts";

const SHOWN = 100;

/** A student with their class and its teacher, as far as conversations go. */
export interface Addressee {
  readonly studentId: string;
  readonly student: string;
  readonly classId: string;
  readonly className: string;
  readonly schoolId: string;
  readonly teacherId: string;
}

/** These students; those that there are not are left out. */
export async function findStudents(db: Database, ids: readonly string[]): Promise<Addressee[]> {
  if (ids.length === 0) return [];
  return db
    .select({
      ...{ studentId: people.id, student: people.name, classId: classes.id, className: classes.name },
      ...{ schoolId: classes.schoolId, teacherId: classes.teacherId },
    })
    .from(people)
    .innerJoin(classes, eq(classes.id, people.classId))
    .where(and(eq(people.role, "student"), inArray(people.id, [...ids])))
    .orderBy(classes.name, people.name);
}

/** Those students of these classes whose parents can be written to. */
export async function readAddressees(db: Database, classIds: readonly string[]): Promise<Addressee[]> {
  const rows = await db.selectDistinct({ studentId: children.studentId }).from(children);
  const found = await findStudents(
    db,
    rows.map(({ studentId }) => studentId),
  );
  return found.filter(({ classId }) => classIds.includes(classId));
}

/** How the conversations about these students stand. */
export async function readThreadHeads(db: Database, about: readonly Addressee[]): Promise<ThreadHead[]> {
  const ids = about.map(({ studentId }) => studentId);
  if (ids.length === 0) return [];
  const newest = db
    .select({ id: sql<number>`max(${messages.id})` })
    .from(messages)
    .where(inArray(messages.studentId, ids))
    .groupBy(messages.studentId);
  const last = await selectMessages(db).where(inArray(messages.id, newest));
  return about.map(({ studentId, student, className }) => {
    const row = last.find((message) => message.studentId === studentId);
    return { studentId, student, className, last: row ? toMessage(row) : null };
  });
}

/** A conversation; `undefined` when there is no such student. */
export async function readThread(db: Database, studentId: string): Promise<ThreadAnswer | undefined> {
  const [found] = await findStudents(db, [studentId]);
  if (!found) return undefined;
  const [rows, parents] = await Promise.all([
    selectMessages(db).where(eq(messages.studentId, studentId)).orderBy(desc(messages.id)).limit(SHOWN),
    db.select().from(children).where(eq(children.studentId, studentId)),
  ]);
  const ids = [found.teacherId, ...parents.map(({ parentId }) => parentId)];
  const who = await db
    .select({ id: people.id, name: people.name, role: people.role })
    .from(people)
    .where(inArray(people.id, ids));
  const { student, className } = found;
  return { studentId, student, className, people: who, messages: rows.map(toMessage).reverse() };
}

export async function writeMessage(
  db: Database,
  input: { readonly studentId: string; readonly fromId: string; readonly text: string },
): Promise<Message> {
  const [row] = await db
    .insert(messages)
    .values({ ...input, at: new Date() })
    .returning({ id: messages.id });
  const [written] = await selectMessages(db).where(eq(messages.id, row!.id));
  return toMessage(written!);
}

function selectMessages(db: Database) {
  return db
    .select({
      ...{ id: messages.id, studentId: messages.studentId, text: messages.text, at: messages.at },
      from: { id: people.id, name: people.name },
    })
    .from(messages)
    .innerJoin(people, eq(people.id, messages.fromId))
    .$dynamic();
}

function toMessage(row: Awaited<ReturnType<typeof selectMessages>>[number]): Message {
  return { ...row, at: row.at.toISOString() };
}
