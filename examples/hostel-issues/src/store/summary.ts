import { count, gte, ne, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Summary } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { issues } from "../database/schema.ts";
import type { Status } from "../vocabulary.ts";
import { listHostels } from "./hostels.ts";

const DAYS = 14;
const DAY_MS = 86_400_000;
const HOUR_S = 3_600;

/** The figures of management's dashboard, counted over all hostels. */
export async function summarise(db: Database): Promise<Summary> {
  const now = new Date();
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const since = new Date(today - (DAYS - 1) * DAY_MS);
  const [hostels, groups, categories, reported, resolved, mean] = await Promise.all([
    listHostels(db),
    db
      .select({ hostelId: issues.hostelId, status: issues.status, count: count() })
      .from(issues)
      .groupBy(issues.hostelId, issues.status),
    db
      .select({ category: issues.category, unresolved: count() })
      .from(issues)
      .where(ne(issues.status, "resolved"))
      .groupBy(issues.category),
    countByDay(db, issues.createdAt, since),
    countByDay(db, issues.resolvedAt, since),
    meanHoursToResolve(db, since),
  ]);
  const countOf = (status: Status, hostelId?: string): number =>
    groups
      .filter((group) => group.status === status && (!hostelId || group.hostelId === hostelId))
      .reduce((sum, group) => sum + group.count, 0);
  return {
    open: countOf("open"),
    inProgress: countOf("in_progress"),
    resolved: countOf("resolved"),
    meanHoursToResolve: mean,
    byHostel: hostels.map(({ id, name }) => ({
      id,
      name,
      counts: {
        open: countOf("open", id),
        in_progress: countOf("in_progress", id),
        resolved: countOf("resolved", id),
      },
    })),
    byCategory: categories.sort(
      (a, b) => b.unresolved - a.unresolved || a.category.localeCompare(b.category),
    ),
    days: Array.from({ length: DAYS }, (_, index) => {
      const day = new Date(since.getTime() + index * DAY_MS).toISOString().slice(0, 10);
      return { day, reported: reported.get(day) ?? 0, resolved: resolved.get(day) ?? 0 };
    }),
    asOf: now.toISOString(),
  };
}

/** How many issues have this moment on each day (UTC). Days without any are absent. */
async function countByDay(db: Database, moment: PgColumn, since: Date): Promise<Map<string, number>> {
  const day = sql<string>`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD')`;
  const rows = await db
    .select({ day, count: count() })
    .from(issues)
    .where(gte(moment, since))
    .groupBy(sql`1`);
  return new Map(rows.map((row) => [row.day, row.count]));
}

async function meanHoursToResolve(db: Database, since: Date): Promise<number | null> {
  const seconds = sql<string | null>`avg(extract(epoch from ${issues.resolvedAt} - ${issues.createdAt}))`;
  const [row] = await db.select({ seconds }).from(issues).where(gte(issues.resolvedAt, since));
  return row?.seconds == null ? null : Number(row.seconds) / HOUR_S;
}
