import { openDatabase as openAny } from "example-kit/database";
import type { DatabasePlace } from "example-kit/database";
import type { OpenDatabase } from "./database.ts";
import * as schema from "./schema.ts";
import { seed } from "./seed.ts";

const ID = "id integer primary key generated always as identity";

const STATEMENTS = [
  `create table if not exists people (
     id text primary key, name text not null, email text not null unique, role text not null,
     password_hash text not null)`,
  `create table if not exists lines (${ID}, name text not null unique, retired boolean not null default false)`,
  `create table if not exists processes (
     ${ID}, name text not null unique, questions text[] not null, retired boolean not null default false)`,
  `create table if not exists machines (
     ${ID}, name text not null unique, line_id integer not null references lines,
     process_ids integer[] not null, retired boolean not null default false)`,
  `create table if not exists audits (
     ${ID}, line_id integer not null references lines, machine_id integer not null references machines,
     process_id integer not null references processes, inspector_id text not null references people,
     answers jsonb not null, result text not null, remarks text not null,
     created_at timestamptz not null, updated_at timestamptz not null)`,
  `create index if not exists audits_inspector_idx on audits (inspector_id, id)`,
  `create table if not exists comments (
     ${ID}, audit_id integer not null references audits on delete cascade,
     author_id text not null references people, text text not null, at timestamptz not null)`,
  `create index if not exists comments_audit_idx on comments (audit_id, id)`,
  `create table if not exists photos (
     ${ID}, audit_id integer not null references audits on delete cascade,
     author_id text not null references people, name text not null, type text not null,
     picture bytea not null, at timestamptz not null)`,
  `create index if not exists photos_audit_idx on photos (audit_id, id)`,
];

/** Opens the database in the shape of `schema.ts`; an empty one is filled with the demonstration. */
export function openDatabase(place: DatabasePlace): Promise<OpenDatabase> {
  return openAny(place, { schema, statements: STATEMENTS, lock: 7_204_120, seed });
}
