import { desc, eq, isNull, or } from "drizzle-orm";
import type { Announcement } from "../contract.ts";
import type { Database } from "../database/database.ts";
import { announcements, people } from "../database/schema.ts";
import { ALL_HOSTELS } from "../vocabulary.ts";

const SHOWN = 50;

/** The newest announcements to a hostel, those to every hostel among them; of {@link ALL_HOSTELS}, only the latter. */
export async function listAnnouncements(db: Database, hostelId: string): Promise<Announcement[]> {
  const toAll = isNull(announcements.hostelId);
  const wanted = hostelId === ALL_HOSTELS ? toAll : or(eq(announcements.hostelId, hostelId), toAll);
  const rows = await selectAnnouncements(db).where(wanted).orderBy(desc(announcements.id)).limit(SHOWN);
  return rows.map(toAnnouncement);
}

/** What an author fills in. A `hostelId` of `null` addresses every hostel. */
export interface NewAnnouncement {
  readonly hostelId: string | null;
  readonly title: string;
  readonly body: string;
}

export async function createAnnouncement(
  db: Database,
  authorId: string,
  input: NewAnnouncement,
): Promise<Announcement> {
  const [row] = await db
    .insert(announcements)
    .values({ ...input, authorId, createdAt: new Date() })
    .returning({ id: announcements.id });
  const [written] = await selectAnnouncements(db).where(eq(announcements.id, row!.id));
  return toAnnouncement(written!);
}

function selectAnnouncements(db: Database) {
  return db
    .select({
      id: announcements.id,
      hostelId: announcements.hostelId,
      title: announcements.title,
      body: announcements.body,
      author: { id: people.id, name: people.name },
      createdAt: announcements.createdAt,
    })
    .from(announcements)
    .innerJoin(people, eq(people.id, announcements.authorId))
    .$dynamic();
}

type AnnouncementRow = Awaited<ReturnType<typeof selectAnnouncements>>[number];

function toAnnouncement(row: AnnouncementRow): Announcement {
  return { ...row, createdAt: row.createdAt.toISOString() };
}
