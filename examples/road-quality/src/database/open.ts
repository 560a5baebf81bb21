import { openDatabase as openAny } from "example-kit/database";
import type { DatabasePlace } from "example-kit/database";
import type { City } from "../city/city.ts";
import type { OpenDatabase } from "./database.ts";
import * as schema from "./schema.ts";
import { seed } from "./seed.ts";

const STATEMENTS = [
  `create table if not exists people (
     id text primary key, name text not null, email text not null unique, role text not null,
     vehicle text not null, password_hash text not null)`,
  `create table if not exists segments (
     id text primary key, quality real, confidence real not null, observations integer not null,
     updated_at timestamptz)`,
  `create table if not exists observations (
     id integer primary key generated always as identity,
     segment_id text not null references segments, driver_id text not null references people,
     quality real not null, vibration real not null, speed_kmh real not null, at timestamptz not null)`,
  `create index if not exists observations_segment_idx on observations (segment_id, id)`,
  `create table if not exists history (
     segment_id text not null references segments, since timestamptz not null,
     sum real not null, count integer not null, primary key (segment_id, since))`,
  `create table if not exists hazards (
     id integer primary key generated always as identity, kind text not null, note text not null,
     latitude double precision not null, longitude double precision not null, cell text not null,
     segment_id text references segments, reporter_id text not null references people,
     created_at timestamptz not null, cleared_at timestamptz)`,
];

/** Opens the database in the shape of `schema.ts`; an empty one is filled with some days of the city's traffic. */
export function openDatabase(place: DatabasePlace, city: City): Promise<OpenDatabase> {
  return openAny(place, {
    schema,
    statements: STATEMENTS,
    lock: 7_204_331,
    seed: (db) => seed(db, city),
  });
}
