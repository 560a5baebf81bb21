import { asc } from "drizzle-orm";
import type { Exercise } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { exercises } from "../database/schema.ts";

/** Every exercise, by name. */
export function listExercises(db: Database): Promise<Exercise[]> {
  return db.select().from(exercises).orderBy(asc(exercises.name));
}
