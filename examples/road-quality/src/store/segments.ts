import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Observation, SegmentAnswer, SegmentQuality } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { history, observations, people, segments } from "../database/schema.ts";
import { aggregate, qualityOf } from "../quality.ts";
import type { Shaking } from "../quality.ts";

const HALF_DAY_MS = 12 * 3_600_000;
/** So many of the newest observations of a segment are kept, and say how it is. */
const KEPT = 40;
const SHOWN = 12;
const HISTORY = 14;

/** What is known of every segment. */
export async function listSegments(db: Database): Promise<readonly SegmentQuality[]> {
  const rows = await db.select().from(segments).orderBy(asc(segments.id));
  return rows.map(toAnswer);
}

/** One segment with its past, or `undefined`. */
export async function findSegment(
  db: Database,
  id: string,
): Promise<(Omit<SegmentAnswer, "segment"> & { segment: SegmentQuality }) | undefined> {
  const [[row], past, recent] = await Promise.all([
    db.select().from(segments).where(eq(segments.id, id)),
    db.select().from(history).where(eq(history.segmentId, id)).orderBy(desc(history.since)).limit(HISTORY),
    listRecent(db, id),
  ]);
  return (
    row && {
      segment: toAnswer(row),
      history: past
        .reverse()
        .map(({ since, sum, count }) => ({ from: since.toISOString(), quality: sum / count, count })),
      recent,
    }
  );
}

async function listRecent(db: Database, segmentId: string): Promise<Observation[]> {
  const rows = await db
    .select({ observation: observations, driver: people.name })
    .from(observations)
    .innerJoin(people, eq(people.id, observations.driverId))
    .where(eq(observations.segmentId, segmentId))
    .orderBy(desc(observations.id))
    .limit(SHOWN);
  return rows.map(({ observation: { id, quality, vibration, speedKmh, at }, driver }) => ({
    id,
    quality,
    vibration,
    speedKmh,
    driver,
    at: at.toISOString(),
  }));
}

/** Something that a driver's phone felt on a segment. */
export interface Felt extends Shaking {
  readonly segmentId: string;
  readonly driverId: string;
  readonly at: Date;
}

/** Keeps observations, and answers what is known of their segments with them. One transaction: all or none. */
export async function addObservations(db: Database, felt: readonly Felt[]): Promise<SegmentQuality[]> {
  // Always in the same order, so that two phones never wait for each other's segments.
  const ids = [...new Set(felt.map(({ segmentId }) => segmentId))].sort();
  return db.transaction(async (tx) => {
    const changed: SegmentQuality[] = [];
    for (const id of ids) {
      await tx.select().from(segments).where(eq(segments.id, id)).for("update");
      const here = felt.filter(({ segmentId }) => segmentId === id);
      const rows = here.map((one) => ({ ...one, quality: qualityOf(one) }));
      await tx.insert(observations).values(rows);
      for (const { quality, at } of rows) await addToHistory(tx, { segmentId: id, quality, at });
      changed.push(await renew(tx, id, rows.length));
    }
    return changed;
  });
}

async function addToHistory(
  db: Database,
  { segmentId, quality, at }: { segmentId: string; quality: number; at: Date },
): Promise<void> {
  const since = new Date(Math.floor(at.getTime() / HALF_DAY_MS) * HALF_DAY_MS);
  await db
    .insert(history)
    .values({ segmentId, since, sum: quality, count: 1 })
    .onConflictDoUpdate({
      target: [history.segmentId, history.since],
      set: { sum: sql`${history.sum} + ${quality}`, count: sql`${history.count} + 1` },
    });
}

/** Reckons a segment's quality anew, and forgets observations that do not count any more. */
async function renew(db: Database, id: string, added: number): Promise<SegmentQuality> {
  const newest = await db
    .select({ id: observations.id, quality: observations.quality, at: observations.at })
    .from(observations)
    .where(eq(observations.segmentId, id))
    .orderBy(desc(observations.id))
    .limit(KEPT);
  const now = Date.now();
  const known = aggregate(newest.map(({ quality, at }) => ({ quality, ageMs: now - at.getTime() })));
  const oldest = newest.at(-1)!;
  await db
    .delete(observations)
    .where(and(eq(observations.segmentId, id), sql`${observations.id} < ${oldest.id}`));
  const [row] = await db
    .update(segments)
    .set({ ...known, observations: sql`${segments.observations} + ${added}`, updatedAt: newest[0]!.at })
    .where(eq(segments.id, id))
    .returning();
  return toAnswer(row!);
}

function toAnswer(row: typeof segments.$inferSelect): SegmentQuality {
  const { id, quality, confidence, observations: count, updatedAt } = row;
  return { id, quality, confidence, observations: count, updatedAt: updatedAt?.toISOString() ?? null };
}
