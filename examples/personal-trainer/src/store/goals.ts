import { and, count, eq } from "drizzle-orm";
import type { Database } from "../database/database.ts";
import { goals } from "../database/schema.ts";
import type { GoalKind } from "../vocabulary.ts";

export interface NewGoal {
  readonly kind: GoalKind;
  readonly exerciseId: string | null;
  readonly target: number;
}

export async function countGoals(db: Database, userId: string): Promise<number> {
  const [row] = await db.select({ count: count() }).from(goals).where(eq(goals.userId, userId));
  return row?.count ?? 0;
}

export async function createGoal(db: Database, userId: string, input: NewGoal): Promise<number> {
  const [row] = await db
    .insert(goals)
    .values({ ...input, userId })
    .returning({ id: goals.id });
  return row!.id;
}

/** `false` when the person has no such goal. */
export async function deleteGoal(db: Database, userId: string, id: number): Promise<boolean> {
  const rows = await db
    .delete(goals)
    .where(and(eq(goals.id, id), eq(goals.userId, userId)))
    .returning({ id: goals.id });
  return rows.length > 0;
}
