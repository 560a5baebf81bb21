import { asc, eq } from "drizzle-orm";
import { isPassword } from "example-kit/passwords";
import type { DriversAnswer, Person } from "../answers.ts";
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

/** Everybody, and what they drive. */
export async function listDrivers(db: Database): Promise<DriversAnswer["drivers"]> {
  return db
    .select({ id: people.id, name: people.name, vehicle: people.vehicle })
    .from(people)
    .orderBy(asc(people.name));
}
