import { openDatabase as openAny } from "example-kit/database";
import type { DatabasePlace } from "example-kit/database";
import type { OpenDatabase } from "./database.ts";
import * as schema from "./schema.ts";
import { seed } from "./seed.ts";

const ID = "id integer primary key generated always as identity";

const STATEMENTS = [
  `create table if not exists people (
     id text primary key, name text not null, email text not null unique, role text not null, trainer_id text references people,
     about text not null, weekly_target integer not null, password_hash text not null)`,
  `create table if not exists preferences (
     user_id text primary key references people, unit text not null, rest_seconds integer not null,
     favourites jsonb not null, muscle text not null)`,
  `create table if not exists exercises (
     id text primary key, name text not null, muscle text not null, equipment text not null, cue text not null)`,
  `create table if not exists workouts (
     ${ID}, user_id text not null references people, title text not null, minutes integer not null, notes text not null,
     finished_at timestamptz not null, records integer not null)`,
  `create index if not exists workouts_user_idx on workouts (user_id, finished_at)`,
  `create table if not exists entries (
     workout_id integer not null references workouts on delete cascade, place integer not null,
     exercise_id text not null references exercises, sets integer not null, reps integer not null,
     weight_kg double precision not null, primary key (workout_id, place))`,
  `create table if not exists goals (
     ${ID}, user_id text not null references people, kind text not null, exercise_id text references exercises,
     target double precision not null)`,
  `create table if not exists comments (
     ${ID}, workout_id integer not null references workouts on delete cascade, author_id text not null references people,
     text text not null, created_at timestamptz not null)`,
  `create table if not exists group_sessions (
     ${ID}, trainer_id text not null references people, title text not null, place text not null,
     starts_at timestamptz not null, note text not null)`,
  `create table if not exists attendances (
     session_id integer not null references group_sessions on delete cascade, user_id text not null references people,
     primary key (session_id, user_id))`,
];

/** Opens the database in the shape of `schema.ts`; an empty one is filled with the demonstration. */
export function openDatabase(place: DatabasePlace): Promise<OpenDatabase> {
  return openAny(place, { schema, statements: STATEMENTS, lock: 7_204_121, seed });
}
