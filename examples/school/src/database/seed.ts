import { createChance } from "example-kit/chance";
import type { Chance } from "example-kit/chance";
import { hashPassword } from "example-kit/passwords";
import { dayAgo, schoolDays } from "../days.ts";
import { DEMO_PEOPLE } from "../demo-people.ts";
import { DEMO_CHILDREN, DEMO_CLASSES, DEMO_RIGHTS, DEMO_SCHOOLS, DEMO_WORKERS } from "../demo-school.ts";
import { FIRST_NAMES, LAST_NAMES, MESSAGES, VISITORS } from "../demo-school.ts";
import { ROLES } from "../vocabulary.ts";
import type { Database } from "./database.ts";
import * as schema from "./schema.ts";
import { seedClassWork } from "./seed-class-work.ts";
import type { SeedStudent } from "./seed-class-work.ts";

const HOUR_MS = 3_600_000;
const CLASS_SIZE = 15;
/** Three weeks. */
const DAYS = 15;

/** Fills an empty database with two schools and three weeks of their life. A filled one is left alone. */
export async function seed(db: Database): Promise<void> {
  const [known] = await db.select().from(schema.schools).limit(1);
  if (known) return;
  const chance = createChance(11);
  const students = DEMO_CLASSES.flatMap(({ schoolId, names }) =>
    names.flatMap((name) => makeClass(chance, schoolId, `${schoolId}-${name.toLowerCase()}`)),
  );
  await db.insert(schema.roles).values(ROLES.map((name) => ({ name, rights: DEMO_RIGHTS[name] })));
  await db.insert(schema.schools).values([...DEMO_SCHOOLS]);
  await seedPeople(db, students);
  await seedClassWork(db, { chance, students });
  await seedAttendance(db, chance, students);
  await seedOffice(db, chance, students);
  await db.insert(schema.messages).values(
    MESSAGES.map(([fromId, studentId, text], index) => ({
      ...{ fromId, studentId, text },
      at: new Date(Date.now() - (MESSAGES.length - index) * 5 * HOUR_MS),
    })),
  );
}

function makeClass(chance: Chance, schoolId: string, classId: string): SeedStudent[] {
  const known = DEMO_CHILDREN.filter((child) => child.classId === classId);
  const others = Array.from({ length: CLASS_SIZE - known.length }, (_, index) => ({
    id: `${classId}-${index + 1}`,
    name: `${chance.pick(FIRST_NAMES)} ${chance.pick(LAST_NAMES)}`,
  }));
  return [...known, ...others].map(({ id, name }) => ({ id, name, classId, schoolId }));
}

async function seedPeople(db: Database, students: readonly SeedStudent[]): Promise<void> {
  const signing = await Promise.all(
    DEMO_PEOPLE.map(async ({ password, ...person }) => ({
      ...person,
      passwordHash: await hashPassword(password),
    })),
  );
  const knownIds = new Set(signing.map(({ id }) => id));
  await db
    .insert(schema.people)
    .values([
      ...signing,
      ...DEMO_WORKERS.map((worker) => ({ ...worker, email: `${worker.id}@demo.test` })),
      ...students
        .filter(({ id }) => !knownIds.has(id))
        .map((student) => ({ ...student, email: `${student.id}@demo.test`, role: "student" as const })),
    ]);
  await db
    .insert(schema.children)
    .values(
      DEMO_CHILDREN.flatMap(({ id, parents }) => parents.map((parentId) => ({ parentId, studentId: id }))),
    );
}

/** Every class on every day; today half of them, as if it were mid-morning. */
async function seedAttendance(db: Database, chance: Chance, students: readonly SeedStudent[]): Promise<void> {
  const today = dayAgo();
  const teacherOf = new Map(
    (await db.select().from(schema.classes)).map(({ id, teacherId }) => [id, teacherId] as const),
  );
  const isTaken = (classId: string): boolean => classId.endsWith("5a") || classId.endsWith("6a");
  const rows = schoolDays(DAYS).flatMap((day) =>
    students
      .filter(({ classId }) => day !== today || isTaken(classId))
      .map(({ id, classId }) => {
        const luck = chance.next();
        const mark = luck < 0.05 ? "absent" : luck < 0.09 ? "late" : "present";
        const at = new Date(Math.min(Date.now(), Date.parse(`${day}T08:05:00Z`)));
        return { studentId: id, day, classId, mark, takenBy: teacherOf.get(classId)!, at } as const;
      }),
  );
  await db.insert(schema.attendance).values(rows);
}

async function seedOffice(db: Database, chance: Chance, students: readonly SeedStudent[]): Promise<void> {
  await db.insert(schema.fees).values(
    students.map(({ id, schoolId }, index) => ({
      ...{ studentId: id, schoolId, cents: chance.pick([4_500, 6_000, 12_500]) },
      title: chance.pick(["Lunch, November", "Class trip", "Books"]),
      due: dayAgo((index % 24) - 12),
      isPaid: chance.next() < 0.82,
    })),
  );
  await db.insert(schema.visitors).values(
    VISITORS.map((visitor, index) => ({
      ...visitor,
      schoolId: index < 4 ? "elm" : "oak",
      cameAt: new Date(Date.now() - (index + 1) * 0.6 * HOUR_MS),
      leftAt: index % 3 === 2 ? new Date(Date.now() - index * 0.3 * HOUR_MS) : null,
    })),
  );
  await db.insert(schema.buses).values(
    DEMO_SCHOOLS.flatMap(({ id: schoolId }) =>
      (["North line", "River line", "Hill line"] as const).map((name, index) => ({
        ...{ id: `${schoolId}-bus-${index + 1}`, schoolId, name, seats: 24 + index * 8 },
        departs: `14:${index}5`,
        state: index === 0 ? ("boarding" as const) : ("expected" as const),
      })),
    ),
  );
}
