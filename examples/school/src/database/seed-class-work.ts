import type { Chance } from "example-kit/chance";
import { dayAgo } from "../days.ts";
import { ASSESSMENT_TITLES, DEMO_CLASSES, HOMEWORK_TITLES } from "../demo-school.ts";
import { PERIODS } from "../vocabulary.ts";
import type { Database } from "./database.ts";
import * as schema from "./schema.ts";

/** Somebody who goes to a class. */
export interface SeedStudent {
  readonly id: string;
  readonly name: string;
  readonly classId: string;
  readonly schoolId: string;
}

/** Assessments of each subject in each class. */
const ASSESSMENTS = 3;

interface Work {
  readonly chance: Chance;
  readonly students: readonly SeedStudent[];
}

/** Classes, who teaches what in them and when, what was assessed, and what is to be done at home. */
export async function seedClassWork(db: Database, { chance, students }: Work): Promise<void> {
  const posts = new Map((await db.select().from(schema.people)).map(({ id, post }) => [id, post!] as const));
  const classes = DEMO_CLASSES.flatMap(({ schoolId, names, teachers }) =>
    names.map((name, index) => ({
      ...{ id: `${schoolId}-${name.toLowerCase()}`, schoolId, name, teachers, index },
      room: `${2 + index}${chance.pick(["04", "11", "17"])}`,
      teacherId: teachers[index]!,
    })),
  );
  await db.insert(schema.classes).values(classes);
  await db.insert(schema.lessons).values(
    classes.flatMap(({ id: classId, teachers, teacherId, index }) =>
      [1, 2, 3, 4, 5].flatMap((weekday) =>
        PERIODS.map((_, period) => {
          // Everybody teaches somewhere else in each of the first four periods; the last one is the class's own teacher's.
          const teaching = period < 4 ? teachers[(index + weekday + period) % 4]! : teacherId;
          const own = weekday % 2 === 0 ? "Sports" : "Art";
          return {
            classId,
            teacherId: teaching,
            weekday,
            period,
            subject: period < 4 ? posts.get(teaching)! : own,
          };
        }),
      ),
    ),
  );
  const assessments = await db
    .insert(schema.assessments)
    .values(
      classes.flatMap(({ id: classId, teachers }) =>
        teachers.flatMap((teacherId) =>
          Array.from({ length: ASSESSMENTS }, (_, index) => ({
            ...{ classId, teacherId, subject: posts.get(teacherId)! },
            title: ASSESSMENT_TITLES[(index + classId.length) % ASSESSMENT_TITLES.length]!,
            day: dayAgo((ASSESSMENTS - index) * 6 - 4),
          })),
        ),
      ),
    )
    .returning();
  await seedGrades(db, assessments, { chance, students });
  await db.insert(schema.homework).values(
    classes.flatMap(({ id: classId, teachers }) =>
      teachers.slice(0, 3).map((teacherId, index) => ({
        ...{ classId, subject: posts.get(teacherId)! },
        title: chance.pick(HOMEWORK_TITLES),
        due: dayAgo(-1 - index),
      })),
    ),
  );
}

/** Everybody is good at school in their own way. Of the latest work of two subjects, some is not graded yet. */
async function seedGrades(
  db: Database,
  assessments: readonly (typeof schema.assessments.$inferSelect)[],
  { chance, students }: Work,
): Promise<void> {
  const talent = new Map(students.map(({ id }) => [id, 55 + chance.next() * 35] as const));
  const latest = dayAgo(2);
  await db.insert(schema.grades).values(
    assessments.flatMap(({ id: assessmentId, classId, day, subject }) => {
      const isOpen = day === latest && (subject === "Mathematics" || subject === "English");
      return students
        .filter((student) => student.classId === classId && !(isOpen && chance.next() < 0.6))
        .map(({ id: studentId }) => {
          const points = Math.round(talent.get(studentId)! + (chance.next() - 0.5) * 24);
          return { assessmentId, studentId, points: Math.max(20, Math.min(100, points)) };
        });
    }),
  );
}
