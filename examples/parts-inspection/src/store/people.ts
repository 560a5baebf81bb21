import { eq } from "drizzle-orm";
import { isPassword } from "example-kit/passwords";
import type { PeopleAnswer, Person } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { people } from "../database/schema.ts";

/** The person with this address and password, or `undefined`: which of the two was wrong is not told. */
export async function findByPassword(
  db: Database,
  email: string,
  password: string,
): Promise<Person | undefined> {
  const [row] = await db.select().from(people).where(eq(people.email, email.trim().toLowerCase()));
  if (!(await isPassword(password, row?.passwordHash)) || !row) return undefined;
  return { userId: row.id, name: row.name, role: row.role };
}

/** Everybody, by name. */
export function listPeople(db: Database): Promise<PeopleAnswer["people"][number][]> {
  return db.select({ id: people.id, name: people.name, role: people.role }).from(people).orderBy(people.name);
}
