import type { Audit } from "../answers.ts";
import type { AuditCommented, AuditCreated } from "../contract.ts";
import type { Database } from "../database/database.ts";
import type { PartsLive, Who } from "../live.ts";
import { listPeople } from "../store/people.ts";

/** What is said about an audit, in the shape that all notices share. */
export function noticeOf({ id, line, machine }: Audit, { userId, name }: Who, message: string) {
  return {
    ...{ auditId: id, message, timestamp: new Date().toISOString() },
    by: { id: userId, name },
    place: `${line.name} · ${machine.name}`,
  };
}

/** What notifications hold, by kind. */
interface Kinds {
  readonly "audit-created": AuditCreated;
  readonly "audit-commented": AuditCommented;
}

export interface TellParts {
  readonly db: Database;
  readonly live: PartsLive;
  /** Who is told besides the administrators. */
  readonly others?: readonly string[];
}

/** A notification for each who is to be told; whoever did it needs none. */
export async function tellAdmins<K extends keyof Kinds>(
  { db, live, others = [] }: TellParts,
  kind: K,
  notice: Kinds[K],
) {
  const admins = await live.cache.getOrSet("admins", () => listAdmins(db), { ttl: "veryLong" });
  const readers = [...new Set([...admins, ...others])].filter((id) => id !== notice.by.id);
  return readers.map((id) => live.notification(id, kind, notice as never));
}

async function listAdmins(db: Database): Promise<string[]> {
  const people = await listPeople(db);
  return people.filter(({ role }) => role === "admin").map(({ id }) => id);
}
