import { asc } from "drizzle-orm";
import type { Hostel } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { hostels } from "../database/schema.ts";

/** Every hostel, by name. */
export function listHostels(db: Database): Promise<Hostel[]> {
  return db.select().from(hostels).orderBy(asc(hostels.name));
}
