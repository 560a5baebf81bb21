import { and, asc, count, eq, gte, inArray, sql } from "drizzle-orm";
import type { AttendanceAnswer, DayMark, MarkCounts, SuperDashboard } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { attendance, classes, people } from "../database/schema.ts";
import { dayAgo } from "../days.ts";
import type { Mark } from "../vocabulary.ts";

/** Today's counts of these classes, by class. */
export async function countToday(
  db: Database,
  classIds: readonly string[],
): Promise<ReadonlyMap<string, MarkCounts>> {
  if (classIds.length === 0) return new Map();
  const [sizes, groups] = await Promise.all([
    db
      .select({ classId: people.classId, count: count() })
      .from(people)
      .where(and(eq(people.role, "student"), inArray(people.classId, [...classIds])))
      .groupBy(people.classId),
    db
      .select({ classId: attendance.classId, mark: attendance.mark, count: count() })
      .from(attendance)
      .where(and(eq(attendance.day, dayAgo()), inArray(attendance.classId, [...classIds])))
      .groupBy(attendance.classId, attendance.mark),
  ]);
  return new Map(
    classIds.map((id) => {
      const of = (mark: Mark): number =>
        groups.find((group) => group.classId === id && group.mark === mark)?.count ?? 0;
      const counts = { present: of("present"), late: of("late"), absent: of("absent") };
      const size = sizes.find(({ classId }) => classId === id)?.count ?? 0;
      return [id, { ...counts, unmarked: size - counts.present - counts.late - counts.absent }] as const;
    }),
  );
}

export function sumOf(counts: Iterable<MarkCounts>): MarkCounts {
  const sum = { present: 0, late: 0, absent: 0, unmarked: 0 };
  for (const one of counts) {
    for (const mark of ["present", "late", "absent", "unmarked"] as const) sum[mark] += one[mark];
  }
  return sum;
}

/** How many were there and how many were not, over all schools, by day. */
export async function countDays(db: Database, since: string): Promise<SuperDashboard["days"]> {
  return db
    .select({
      day: attendance.day,
      present: sql<number>`count(*) filter (where ${attendance.mark} <> 'absent')`.mapWith(Number),
      missing: sql<number>`count(*) filter (where ${attendance.mark} = 'absent')`.mapWith(Number),
    })
    .from(attendance)
    .where(gte(attendance.day, since))
    .groupBy(attendance.day)
    .orderBy(asc(attendance.day));
}

/** What was marked of these students since a day, oldest first. */
export async function readMarks(
  db: Database,
  studentIds: readonly string[],
  since: string,
): Promise<ReadonlyMap<string, DayMark[]>> {
  const marks = new Map<string, DayMark[]>(studentIds.map((id) => [id, []]));
  if (studentIds.length === 0) return marks;
  const rows = await db
    .select()
    .from(attendance)
    .where(and(inArray(attendance.studentId, [...studentIds]), gte(attendance.day, since)))
    .orderBy(asc(attendance.day));
  for (const { studentId, day, mark } of rows) marks.get(studentId)!.push({ day, mark });
  return marks;
}

/** A class with what was marked today; `undefined` when there is no such class. */
export async function readAttendance(db: Database, classId: string): Promise<AttendanceAnswer | undefined> {
  const day = dayAgo();
  const [[found], students] = await Promise.all([
    db.select().from(classes).where(eq(classes.id, classId)),
    db
      .select({ id: people.id, name: people.name, mark: attendance.mark })
      .from(people)
      .leftJoin(attendance, and(eq(attendance.studentId, people.id), eq(attendance.day, day)))
      .where(and(eq(people.classId, classId), eq(people.role, "student")))
      .orderBy(asc(people.name), asc(people.id)),
  ]);
  return found && { classId, className: found.name, day, students };
}

/** What somebody says of students of a class, today. */
export interface Taking {
  readonly classId: string;
  readonly takenBy: string;
  readonly marks: Readonly<Record<string, Mark>>;
}

/** Writes down who is there. Answers those of whom that is news. */
export async function takeAttendance(
  db: Database,
  { classId, takenBy, marks }: Taking,
): Promise<{ id: string; name: string; mark: Mark }[]> {
  const day = dayAgo();
  return db.transaction(async (tx) => {
    const before = (await readAttendance(tx, classId))?.students ?? [];
    const changed = before.flatMap(({ id, name, mark: old }) => {
      const mark = marks[id];
      return mark !== undefined && mark !== old ? [{ id, name, mark }] : [];
    });
    if (changed.length === 0) return changed;
    const at = new Date();
    await tx
      .insert(attendance)
      .values(changed.map(({ id, mark }) => ({ studentId: id, day, classId, mark, takenBy, at })))
      .onConflictDoUpdate({
        target: [attendance.studentId, attendance.day],
        set: { mark: sql`excluded.mark`, takenBy, at },
      });
    return changed;
  });
}
