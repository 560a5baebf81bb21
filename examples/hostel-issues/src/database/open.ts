import { openDatabase as openAny } from "example-kit/database";
import type { DatabasePlace } from "example-kit/database";
import type { OpenDatabase } from "./database.ts";
import * as schema from "./schema.ts";
import { seed } from "./seed.ts";

const STATEMENTS = [
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

/** Opens the database in the shape of `schema.ts`; an empty one is filled with the demonstration. */
export function openDatabase(place: DatabasePlace): Promise<OpenDatabase> {
  return openAny(place, { schema, statements: STATEMENTS, lock: 7_204_119, seed });
}
