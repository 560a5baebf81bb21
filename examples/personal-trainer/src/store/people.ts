import { eq } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { hashPassword, isPassword } from "example-kit/passwords";
import type { Person, Preferences } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { people, preferences } from "../database/schema.ts";

const DEFAULTS: Preferences = { unit: "kg", restSeconds: 90, favourites: [], muscle: "chest" };

/** The person with this address and password, or `undefined`: which of the two was wrong is not told. */
export async function findByPassword(
  db: Database,
  email: string,
  password: string,
): Promise<Person | undefined> {
  const [row] = await db
    .select({ id: people.id, passwordHash: people.passwordHash })
    .from(people)
    .where(eq(people.email, normalised(email)));
  if (!(await isPassword(password, row?.passwordHash)) || !row) return undefined;
  return findPerson(db, row.id);
}

/** The id of whoever has this address. */
export async function findIdByEmail(db: Database, email: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: people.id })
    .from(people)
    .where(eq(people.email, normalised(email)));
  return row?.id;
}

export async function findPerson(db: Database, userId: string): Promise<Person | undefined> {
  const trainers = alias(people, "trainers");
  const [row] = await db
    .select({
      userId: people.id,
      name: people.name,
      email: people.email,
      role: people.role,
      trainerId: people.trainerId,
      trainerName: trainers.name,
      about: people.about,
      weeklyTarget: people.weeklyTarget,
    })
    .from(people)
    .leftJoin(trainers, eq(trainers.id, people.trainerId))
    .where(eq(people.id, userId));
  return row;
}

export async function setPassword(db: Database, userId: string, password: string): Promise<void> {
  await db
    .update(people)
    .set({ passwordHash: await hashPassword(password) })
    .where(eq(people.id, userId));
}

export type ProfileInput = Pick<Person, "name" | "about" | "weeklyTarget">;

export async function updateProfile(db: Database, userId: string, input: ProfileInput): Promise<Person> {
  await db.update(people).set(input).where(eq(people.id, userId));
  return (await findPerson(db, userId))!;
}

export async function findPreferences(db: Database, userId: string): Promise<Preferences> {
  const [row] = await db.select().from(preferences).where(eq(preferences.userId, userId));
  if (!row) return DEFAULTS;
  const { userId: _userId, ...rest } = row;
  return rest;
}

export async function savePreferences(db: Database, userId: string, input: Preferences): Promise<void> {
  const set = { ...input, favourites: [...input.favourites] };
  await db
    .insert(preferences)
    .values({ userId, ...set })
    .onConflictDoUpdate({ target: preferences.userId, set });
}

function normalised(email: string): string {
  return email.trim().toLowerCase();
}
