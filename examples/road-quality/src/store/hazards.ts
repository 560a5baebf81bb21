import { and, desc, eq, isNull } from "drizzle-orm";
import type { City } from "../city/city.ts";
import type { Hazard } from "../contract.ts";
import type { Database } from "../database/database.ts";
import { hazards, people } from "../database/schema.ts";

const MOST = 100;

/** Hazards that are still there, the newest first, at most a hundred. */
export async function listHazards(db: Database, city: City): Promise<readonly Hazard[]> {
  const rows = await db
    .select({ hazard: hazards, reporter: people.name })
    .from(hazards)
    .innerJoin(people, eq(people.id, hazards.reporterId))
    .where(isNull(hazards.clearedAt))
    .orderBy(desc(hazards.id))
    .limit(MOST);
  return rows.map(({ hazard, reporter }) => toHazard(hazard, reporter, city));
}

/** Something that somebody has seen on a road. */
export type NewHazard = Omit<Hazard, "id" | "createdAt" | "street">;

export async function createHazard(db: Database, input: NewHazard, city: City): Promise<Hazard> {
  const { reporter, ...hazard } = input;
  const [row] = await db
    .insert(hazards)
    .values({ ...hazard, reporterId: reporter.id, createdAt: new Date() })
    .returning();
  return toHazard(row!, reporter.name, city);
}

/** Notes that a hazard is gone. `undefined` when there is none, or it was gone before. */
export async function clearHazard(db: Database, id: number): Promise<{ cell: string } | undefined> {
  const [row] = await db
    .update(hazards)
    .set({ clearedAt: new Date() })
    .where(and(eq(hazards.id, id), isNull(hazards.clearedAt)))
    .returning({ cell: hazards.cell });
  return row;
}

function toHazard(row: typeof hazards.$inferSelect, reporter: string, city: City): Hazard {
  const { id, kind, note, latitude, longitude, cell, segmentId, reporterId, createdAt } = row;
  return {
    ...{ id, kind, note, latitude, longitude, cell, segmentId },
    street: (segmentId && city.segment(segmentId)?.street) || null,
    reporter: { id: reporterId, name: reporter },
    createdAt: createdAt.toISOString(),
  };
}
