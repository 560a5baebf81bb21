import { and, asc, eq, inArray } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { ClassToday, Lesson, StudentDashboard } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { classes, homework, lessons, people } from "../database/schema.ts";
import { dayAgo, weekdayOf } from "../days.ts";
import { countToday } from "./attendance.ts";

/** These classes, and who is there today. */
export async function readClasses(db: Database, ids: readonly string[]): Promise<ClassToday[]> {
  if (ids.length === 0) return [];
  const [rows, counts] = await Promise.all([
    db
      .select({ id: classes.id, name: classes.name, room: classes.room, teacher: people.name })
      .from(classes)
      .innerJoin(people, eq(people.id, classes.teacherId))
      .where(inArray(classes.id, [...ids]))
      .orderBy(asc(classes.name)),
    countToday(db, ids),
  ]);
  return rows.map((row) => ({ ...row, today: counts.get(row.id)! }));
}

/** Today's lessons of a class, or of a teacher. */
export function readLessons(
  db: Database,
  of: { readonly classId?: string; readonly teacherId?: string },
): Promise<Lesson[]> {
  const teacher = alias(people, "teacher");
  const whose = of.classId ? eq(lessons.classId, of.classId) : eq(lessons.teacherId, of.teacherId ?? "");
  return db
    .select({
      ...{ period: lessons.period, subject: lessons.subject, className: classes.name },
      ...{ teacher: teacher.name, room: classes.room },
    })
    .from(lessons)
    .innerJoin(classes, eq(classes.id, lessons.classId))
    .innerJoin(teacher, eq(teacher.id, lessons.teacherId))
    .where(and(whose, eq(lessons.weekday, weekdayOf(dayAgo()))))
    .orderBy(asc(lessons.period));
}

/** What is still to be done at home. */
export async function readHomework(db: Database, classId: string): Promise<StudentDashboard["homework"]> {
  const rows = await db
    .select()
    .from(homework)
    .where(eq(homework.classId, classId))
    .orderBy(asc(homework.due), asc(homework.id));
  return rows
    .filter(({ due }) => due >= dayAgo())
    .map(({ id, subject, title, due }) => ({ id, subject, title, due }));
}
