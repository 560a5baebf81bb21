import { and, asc, count, eq, sql } from "drizzle-orm";
import type { Comment, Photo } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { audits, comments, people, photos } from "../database/schema.ts";
import type { PhotoType } from "../vocabulary.ts";

const author = { id: people.id, name: people.name };

/** What was said about an audit, first word first. */
export async function listComments(db: Database, auditId: number): Promise<Comment[]> {
  const rows = await db
    .select({ id: comments.id, text: comments.text, at: comments.at, author })
    .from(comments)
    .innerJoin(people, eq(people.id, comments.authorId))
    .where(eq(comments.auditId, auditId))
    .orderBy(asc(comments.id));
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export interface NewComment {
  readonly auditId: number;
  readonly author: Comment["author"];
  readonly text: string;
}

export async function addComment(db: Database, { auditId, author: by, text }: NewComment): Promise<Comment> {
  const at = new Date();
  const [row] = await db
    .insert(comments)
    .values({ auditId, authorId: by.id, text, at })
    .returning({ id: comments.id });
  return { id: row!.id, author: by, text, at: at.toISOString() };
}

/** The photos of an audit, without the pictures, oldest first. */
export async function listPhotos(db: Database, auditId: number): Promise<Photo[]> {
  const rows = await db
    .select({
      ...{ id: photos.id, name: photos.name, type: photos.type, at: photos.at, author },
      bytes: sql<number>`length(${photos.picture})`.mapWith(Number),
    })
    .from(photos)
    .innerJoin(people, eq(people.id, photos.authorId))
    .where(eq(photos.auditId, auditId))
    .orderBy(asc(photos.id));
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export interface NewPhoto {
  readonly auditId: number;
  readonly authorId: string;
  readonly name: string;
  readonly type: PhotoType;
  readonly picture: Uint8Array;
}

/** Keeps a photo, and answers its id; or says that the audit has as many as it may have, or is gone. */
export async function addPhoto(
  db: Database,
  photo: NewPhoto,
  most: number,
): Promise<number | "full" | "gone"> {
  return db.transaction(async (tx) => {
    // Of two uploads at a time the second waits here, and counts the first.
    const [audit] = await tx
      .select({ id: audits.id })
      .from(audits)
      .where(eq(audits.id, photo.auditId))
      .for("update");
    const [known] = await tx.select({ count: count() }).from(photos).where(eq(photos.auditId, photo.auditId));
    if (!audit) return "gone";
    if (known!.count >= most) return "full";
    const [row] = await tx
      .insert(photos)
      .values({ ...photo, at: new Date() })
      .returning({ id: photos.id });
    return row!.id;
  });
}

export interface PhotoPlace {
  readonly auditId: number;
  readonly photoId: number;
}

export async function findPhoto(db: Database, { auditId, photoId }: PhotoPlace) {
  const [row] = await db
    .select()
    .from(photos)
    .where(and(eq(photos.auditId, auditId), eq(photos.id, photoId)));
  return row;
}

export async function deletePhoto(db: Database, { auditId, photoId }: PhotoPlace): Promise<void> {
  await db.delete(photos).where(and(eq(photos.auditId, auditId), eq(photos.id, photoId)));
}
