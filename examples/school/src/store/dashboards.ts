import { asc, count, eq } from "drizzle-orm";
import type {
  AdminDashboard,
  ParentDashboard,
  Person,
  StaffDashboard,
  StudentDashboard,
  SuperDashboard,
  TeacherDashboard,
} from "../answers.ts";
import type { Database } from "../database/database.ts";
import { classes, people, schools } from "../database/schema.ts";
import { schoolDays } from "../days.ts";
import { countDays, countToday, readMarks, sumOf } from "./attendance.ts";
import { readClasses, readHomework, readLessons } from "./classes.ts";
import { readAssessments } from "./grades.ts";
import { readBuses, readFees, readVisitors, schoolName } from "./office.ts";
import { readWorkers } from "./people.ts";
import { findStudents, readAddressees, readThreadHeads } from "./threads.ts";

/** What each dashboard shows, counted anew. */

const DAYS_OF_ALL = 10;
const DAYS_OF_ONE = 15;
const now = (): string => new Date().toISOString();

export async function superDashboard(db: Database): Promise<SuperDashboard> {
  const [all, own, byRole, days] = await Promise.all([
    db.select().from(schools).orderBy(asc(schools.name)),
    db.select().from(classes),
    db.select({ role: people.role, count: count() }).from(people).groupBy(people.role),
    countDays(db, schoolDays(DAYS_OF_ALL)[0]!),
  ]);
  const today = await countToday(
    db,
    own.map(({ id }) => id),
  );
  const withCounts = all.map(({ id, name, town }) => {
    const sum = sumOf(own.filter(({ schoolId }) => schoolId === id).map((one) => today.get(one.id)!));
    return { id, name, town, students: sum.present + sum.late + sum.absent + sum.unmarked, today: sum };
  });
  const of = (role: string): number => byRole.find((row) => row.role === role)?.count ?? 0;
  const totals = { schools: all.length, students: of("student"), teachers: of("teacher") };
  return { kind: "super_admin", totals, schools: withCounts, days, asOf: now() };
}

export async function adminDashboard(db: Database, schoolId: string): Promise<AdminDashboard> {
  const ids = await db.select({ id: classes.id }).from(classes).where(eq(classes.schoolId, schoolId));
  const [school, own, staff, fees] = await Promise.all([
    schoolName(db, schoolId),
    readClasses(
      db,
      ids.map(({ id }) => id),
    ),
    readWorkers(db, schoolId),
    readFees(db, schoolId),
  ]);
  const today = sumOf(own.map((one) => one.today));
  return { kind: "school_admin", school, today, classes: own, staff, fees, asOf: now() };
}

export async function teacherDashboard(
  db: Database,
  { userId, classIds }: Person,
): Promise<TeacherDashboard> {
  const mine = await db.select({ id: classes.id }).from(classes).where(eq(classes.teacherId, userId));
  const ownClassIds = mine.map(({ id }) => id);
  const [all, lessons, assessments, threads] = await Promise.all([
    readClasses(db, classIds),
    readLessons(db, { teacherId: userId }),
    readAssessments(db, userId),
    readAddressees(db, ownClassIds).then((about) => readThreadHeads(db, about)),
  ]);
  return { kind: "teacher", ownClassIds, classes: all, lessons, assessments, threads, asOf: now() };
}

export async function staffDashboard(db: Database, schoolId: string): Promise<StaffDashboard> {
  const [school, visitors, buses] = await Promise.all([
    schoolName(db, schoolId),
    readVisitors(db, schoolId),
    readBuses(db, schoolId),
  ]);
  return { kind: "staff", school, visitors, buses, asOf: now() };
}

export async function studentDashboard(
  db: Database,
  { userId, classIds }: Person,
): Promise<StudentDashboard> {
  const [classId = ""] = classIds;
  const [[own], lessons, homework, marks] = await Promise.all([
    readClasses(db, classIds),
    readLessons(db, { classId }),
    readHomework(db, classId),
    readMarks(db, [userId], schoolDays(DAYS_OF_ONE)[0]!),
  ]);
  return {
    ...{ kind: "student", className: own?.name ?? "–", teacher: own?.teacher ?? "–" },
    ...{ lessons, homework, attendance: marks.get(userId)!, asOf: now() },
  };
}

export async function parentDashboard(db: Database, { childIds }: Person): Promise<ParentDashboard> {
  const about = await findStudents(db, childIds);
  const [heads, marks, teachers] = await Promise.all([
    readThreadHeads(db, about),
    readMarks(db, childIds, schoolDays(DAYS_OF_ONE)[0]!),
    db.select({ id: people.id, name: people.name }).from(people).where(eq(people.role, "teacher")),
  ]);
  const children = about.map(({ studentId, teacherId }, index) => ({
    ...heads[index]!,
    teacher: teachers.find(({ id }) => id === teacherId) ?? { id: teacherId, name: "–" },
    attendance: marks.get(studentId)!,
  }));
  return { kind: "parent", children, asOf: now() };
}
