import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { seed } from "./seed.ts";

/** Each statement may run again and again. A later version of the application appends to the list. */
const MIGRATIONS = [
  `create table if not exists hostels (
     id text primary key, name text not null, address text not null)`,
  `create table if not exists people (
     id text primary key, name text not null, email text not null unique, role text not null,
     hostel_id text references hostels, room text, password_hash text not null)`,
  `create table if not exists issues (
     id integer primary key generated always as identity,
     hostel_id text not null references hostels, reporter_id text not null references people,
     title text not null, description text not null, place text not null,
     category text not null, priority text not null, status text not null,
     created_at timestamptz not null, updated_at timestamptz not null, resolved_at timestamptz)`,
  `create index if not exists issues_hostel_idx on issues (hostel_id, id)`,
  `create table if not exists issue_steps (
     id integer primary key generated always as identity,
     issue_id integer not null references issues, person_id text not null references people,
     status text not null, at timestamptz not null)`,
  `create index if not exists issue_steps_issue_idx on issue_steps (issue_id, id)`,
  `create table if not exists announcements (
     id integer primary key generated always as identity,
     hostel_id text references hostels, author_id text not null references people,
     title text not null, body text not null, created_at timestamptz not null)`,
];

/** Any number that no other application uses on the same database. */
const LOCK = 7_204_119;

/**
 * Brings the database to the shape of `schema.ts` and fills an empty one with the demonstration. One transaction under one
 * lock: of several server processes that start together, one does the work and the others find it done.
 */
export async function migrate(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${sql.raw(String(LOCK))})`);
    for (const statement of MIGRATIONS) await tx.execute(sql.raw(statement));
    await seed(tx);
  });
}
