import { and, asc, count, desc, eq, sql } from "drizzle-orm";
import type { AssessmentAnswer, AssessmentHead, GradesAnswer } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { assessments, classes, grades, people } from "../database/schema.ts";
import { dayAgo } from "../days.ts";

const SHOWN = 6;

/** A student's grades by subject. */
export async function readGrades(db: Database, studentId: string): Promise<GradesAnswer> {
  const rows = await db
    .select({
      subject: assessments.subject,
      title: assessments.title,
      day: assessments.day,
      points: grades.points,
    })
    .from(grades)
    .innerJoin(assessments, eq(assessments.id, grades.assessmentId))
    .where(eq(grades.studentId, studentId))
    .orderBy(asc(assessments.subject), asc(assessments.day), asc(assessments.id));
  const subjects = [...new Set(rows.map(({ subject }) => subject))];
  return {
    subjects: subjects.map((subject) => {
      const own = rows.filter((row) => row.subject === subject);
      const mean = own.reduce((sum, { points }) => sum + points, 0) / own.length;
      return { subject, mean, grades: own.map(({ title, day, points }) => ({ title, day, points })) };
    }),
  };
}

/** What a teacher has assessed: first what lacks grades, then the newest. */
export async function readAssessments(db: Database, teacherId: string): Promise<AssessmentHead[]> {
  const students =
    sql<number>`(select count(*) from ${people} where ${people.classId} = ${assessments.classId}
    and ${people.role} = 'student')`.mapWith(Number);
  const graded = count(grades.points);
  return db
    .select({
      ...{ id: assessments.id, title: assessments.title, subject: assessments.subject },
      ...{ className: classes.name, day: assessments.day, graded, students },
    })
    .from(assessments)
    .innerJoin(classes, eq(classes.id, assessments.classId))
    .leftJoin(grades, eq(grades.assessmentId, assessments.id))
    .where(eq(assessments.teacherId, teacherId))
    .groupBy(assessments.id, classes.id)
    .orderBy(sql`${graded} >= ${students}`, desc(assessments.day), desc(assessments.id))
    .limit(SHOWN);
}

/** An assessment with every student of its class; `undefined` when there is none. */
export async function readAssessment(
  db: Database,
  id: number,
): Promise<(AssessmentAnswer & { readonly classId: string; readonly teacherId: string }) | undefined> {
  const [head] = await db
    .select({
      ...{ id: assessments.id, title: assessments.title, subject: assessments.subject, day: assessments.day },
      ...{ className: classes.name, classId: classes.id, teacherId: assessments.teacherId },
    })
    .from(assessments)
    .innerJoin(classes, eq(classes.id, assessments.classId))
    .where(eq(assessments.id, id));
  if (!head) return undefined;
  const students = await db
    .select({ id: people.id, name: people.name, points: grades.points })
    .from(people)
    .leftJoin(grades, and(eq(grades.studentId, people.id), eq(grades.assessmentId, id)))
    .where(and(eq(people.classId, head.classId), eq(people.role, "student")))
    .orderBy(asc(people.name), asc(people.id));
  return { ...head, students };
}

/** What a teacher fills in for something to be graded. */
export interface NewAssessment {
  readonly classId: string;
  readonly teacherId: string;
  readonly subject: string;
  readonly title: string;
}

export async function createAssessment(db: Database, input: NewAssessment): Promise<number> {
  const [row] = await db
    .insert(assessments)
    .values({ ...input, day: dayAgo() })
    .returning({ id: assessments.id });
  return row!.id;
}

/** Enters points by student; `null` takes a grade away. Answers those of whom that is news. */
export async function enterGrades(
  db: Database,
  id: number,
  points: Readonly<Record<string, number | null>>,
): Promise<{ id: string; name: string }[]> {
  return db.transaction(async (tx) => {
    const before = (await readAssessment(tx, id))?.students ?? [];
    const changed = before.filter((one) => points[one.id] !== undefined && points[one.id] !== one.points);
    for (const { id: studentId } of changed) {
      const grade = { assessmentId: id, studentId };
      const now = points[studentId]!;
      if (now === null) {
        await tx.delete(grades).where(and(eq(grades.assessmentId, id), eq(grades.studentId, studentId)));
      } else {
        await tx
          .insert(grades)
          .values({ ...grade, points: now })
          .onConflictDoUpdate({ target: [grades.assessmentId, grades.studentId], set: { points: now } });
      }
    }
    return changed.map(({ id: studentId, name }) => ({ id: studentId, name }));
  });
}
