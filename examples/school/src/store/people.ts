import { and, asc, eq, inArray } from "drizzle-orm";
import { isPassword } from "example-kit/passwords";
import type { Person, RolesAnswer } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { children, classes, lessons, people, roles } from "../database/schema.ts";
import { WORKING_ROLES } from "../vocabulary.ts";
import type { Right, Role } from "../vocabulary.ts";

/** Everybody, or one person, with their classes and children. */
export async function readPeople(db: Database, userId?: string): Promise<Person[]> {
  const [rows, own, taught, parents] = await Promise.all([
    db
      .select()
      .from(people)
      .where(userId === undefined ? undefined : eq(people.id, userId)),
    db.select().from(classes),
    db.selectDistinct({ classId: lessons.classId, teacherId: lessons.teacherId }).from(lessons),
    db
      .select()
      .from(children)
      .where(userId === undefined ? undefined : eq(children.parentId, userId)),
  ]);
  function classesOf({ id, role, schoolId, classId }: (typeof rows)[number]): string[] {
    if (role === "student") return classId ? [classId] : [];
    if (role === "school_admin") return own.filter((one) => one.schoolId === schoolId).map((one) => one.id);
    if (role !== "teacher") return [];
    const ids = [...own.map((one) => ({ ...one, classId: one.id })), ...taught]
      .filter(({ teacherId }) => teacherId === id)
      .map((one) => one.classId);
    return [...new Set(ids)].sort();
  }
  return rows.map((row) => ({
    ...{ userId: row.id, name: row.name, role: row.role, schoolId: row.schoolId, post: row.post },
    classIds: classesOf(row),
    childIds:
      row.role === "parent"
        ? parents.filter(({ parentId }) => parentId === row.id).map(({ studentId }) => studentId)
        : [],
  }));
}

/** Who has this address and password, or `undefined`: which of the two was wrong is not told. */
export async function findByPassword(
  db: Database,
  email: string,
  password: string,
): Promise<string | undefined> {
  const [row] = await db.select().from(people).where(eq(people.email, email.trim().toLowerCase()));
  const isRight = await isPassword(password, row?.passwordHash ?? undefined);
  return isRight ? row?.id : undefined;
}

/** Those who work at a school, by name. */
export function readWorkers(db: Database, schoolId: string) {
  return db
    .select({ id: people.id, name: people.name, role: people.role, post: people.post })
    .from(people)
    .where(and(eq(people.schoolId, schoolId), inArray(people.role, [...WORKING_ROLES])))
    .orderBy(asc(people.name));
}

export async function setRole(db: Database, userId: string, role: Role): Promise<void> {
  await db.update(people).set({ role }).where(eq(people.id, userId));
}

/** What a role may do; nothing for one that there is not. */
export async function readRights(db: Database, role: string): Promise<readonly Right[]> {
  const [row] = await db
    .select()
    .from(roles)
    .where(eq(roles.name, role as Role));
  return row?.rights ?? [];
}

export async function setRights(db: Database, role: Role, rights: readonly Right[]): Promise<void> {
  await db.update(roles).set({ rights }).where(eq(roles.name, role));
}

/** Every role, and how many have it. */
export async function readRoles(db: Database): Promise<RolesAnswer["roles"]> {
  const [rows, all] = await Promise.all([
    db.select().from(roles).orderBy(asc(roles.name)),
    db.select({ role: people.role }).from(people),
  ]);
  return rows.map(({ name, rights }) => ({
    name,
    rights,
    people: all.filter(({ role }) => role === name).length,
  }));
}

/** The ids of a student's parents. */
export async function readParents(db: Database, studentIds: readonly string[]) {
  if (studentIds.length === 0) return [];
  return db
    .select()
    .from(children)
    .where(inArray(children.studentId, [...studentIds]));
}
