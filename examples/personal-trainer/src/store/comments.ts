import { asc, eq } from "drizzle-orm";
import type { Comment } from "../contract.ts";
import type { Database } from "../database/database.ts";
import { comments, people, workouts } from "../database/schema.ts";

/** What was said about a workout, first comment first. */
export async function listComments(db: Database, workoutId: number): Promise<Comment[]> {
  const rows = await selectComments(db).where(eq(comments.workoutId, workoutId)).orderBy(asc(comments.id));
  return rows.map(toComment);
}

export async function addComment(
  db: Database,
  input: { readonly workoutId: number; readonly authorId: string; readonly text: string },
): Promise<Comment> {
  const [row] = await db
    .insert(comments)
    .values({ ...input, createdAt: new Date() })
    .returning({ id: comments.id });
  const [written] = await selectComments(db).where(eq(comments.id, row!.id));
  return toComment(written!);
}

function selectComments(db: Database) {
  return db
    .select({
      id: comments.id,
      workoutId: comments.workoutId,
      workoutTitle: workouts.title,
      memberId: workouts.userId,
      author: { id: people.id, name: people.name },
      text: comments.text,
      createdAt: comments.createdAt,
    })
    .from(comments)
    .innerJoin(people, eq(people.id, comments.authorId))
    .innerJoin(workouts, eq(workouts.id, comments.workoutId))
    .$dynamic();
}

function toComment(row: Awaited<ReturnType<typeof selectComments>>[number]): Comment {
  return { ...row, createdAt: row.createdAt.toISOString() };
}
