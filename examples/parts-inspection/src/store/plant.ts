import { asc, eq } from "drizzle-orm";
import type { Line, Machine, Process } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { lines, machines, processes } from "../database/schema.ts";
import type { PlaceKind } from "../vocabulary.ts";

const TABLES = { lines, machines, processes } as const;

/** What there is of one kind, by name. */
interface Kinds {
  readonly lines: Line;
  readonly machines: Machine;
  readonly processes: Process;
}

/** Everything of a kind, retired or not, in the order in which it was added. */
export async function listPlaces<K extends PlaceKind>(db: Database, kind: K): Promise<Kinds[K][]> {
  const table: (typeof TABLES)[PlaceKind] = TABLES[kind];
  return (await db.select().from(table).orderBy(asc(table.id))) as unknown as Kinds[K][];
}

/** What may be set of a place; which fields a kind has was checked before. */
export type PlaceFields = Partial<Omit<Line, "id"> & Omit<Machine, "id"> & Omit<Process, "id">>;

/** Adds a place. `undefined` when the name is taken. */
export async function addPlace(
  db: Database,
  kind: PlaceKind,
  fields: PlaceFields,
): Promise<Kinds[PlaceKind] | undefined> {
  const [row] = await db
    .insert(TABLES[kind])
    .values(fields as never)
    .onConflictDoNothing()
    .returning();
  return row as Kinds[PlaceKind] | undefined;
}

/** Changes a place; `undefined` when there is none. Rejects with a unique violation when the name is taken. */
export async function changePlace(
  db: Database,
  kind: PlaceKind,
  { id, ...fields }: PlaceFields & { readonly id: number },
): Promise<Kinds[PlaceKind] | undefined> {
  const table = TABLES[kind];
  const [row] = await db
    .update(table)
    .set(fields as never)
    .where(eq(table.id, id))
    .returning();
  return row as Kinds[PlaceKind] | undefined;
}
