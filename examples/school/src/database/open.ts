import { openDatabase as openAny } from "example-kit/database";
import type { DatabasePlace } from "example-kit/database";
import type { OpenDatabase } from "./database.ts";
import * as schema from "./schema.ts";
import { seed } from "./seed.ts";

const OWN_ID = "id integer primary key generated always as identity";

const STATEMENTS = [
  `create table if not exists school_roles (name text primary key, rights jsonb not null)`,
  `create table if not exists school_schools (id text primary key, name text not null, town text not null)`,
  `create table if not exists school_people (
     id text primary key, name text not null, email text not null unique, role text not null references school_roles,
     school_id text references school_schools, post text, class_id text, password_hash text)`,
  `create table if not exists school_classes (
     id text primary key, school_id text not null references school_schools, name text not null, room text not null,
     teacher_id text not null references school_people)`,
  `create table if not exists school_children (
     parent_id text not null references school_people, student_id text not null references school_people,
     primary key (parent_id, student_id))`,
  `create table if not exists school_lessons (
     ${OWN_ID}, class_id text not null references school_classes, teacher_id text not null references school_people,
     subject text not null, weekday integer not null, period integer not null)`,
  `create table if not exists school_attendance (
     student_id text not null references school_people, day date not null, class_id text not null references school_classes,
     mark text not null, taken_by text not null references school_people, at timestamptz not null, primary key (student_id, day))`,
  `create index if not exists school_attendance_class_idx on school_attendance (class_id, day)`,
  `create table if not exists school_assessments (
     ${OWN_ID}, class_id text not null references school_classes, teacher_id text not null references school_people,
     subject text not null, title text not null, day date not null)`,
  `create table if not exists school_grades (
     assessment_id integer not null references school_assessments, student_id text not null references school_people,
     points integer not null check (points between 0 and 100), primary key (assessment_id, student_id))`,
  `create index if not exists school_grades_student_idx on school_grades (student_id)`,
  `create table if not exists school_homework (
     ${OWN_ID}, class_id text not null references school_classes, subject text not null, title text not null, due date not null)`,
  `create table if not exists school_fees (
     ${OWN_ID}, student_id text not null references school_people, school_id text not null references school_schools,
     title text not null, cents integer not null, due date not null, is_paid boolean not null)`,
  `create table if not exists school_visitors (
     ${OWN_ID}, school_id text not null references school_schools, name text not null, sees text not null,
     came_at timestamptz not null, left_at timestamptz)`,
  `create table if not exists school_buses (
     id text primary key, school_id text not null references school_schools, name text not null, departs text not null,
     seats integer not null, state text not null)`,
  `create table if not exists school_messages (
     ${OWN_ID}, student_id text not null references school_people, from_id text not null references school_people,
     text text not null, at timestamptz not null)`,
  `create index if not exists school_messages_student_idx on school_messages (student_id, id)`,
];

/** Opens the database in the shape of `schema.ts`; an empty one is filled with the demonstration. */
export function openDatabase(place: DatabasePlace): Promise<OpenDatabase> {
  return openAny(place, { schema, statements: STATEMENTS, lock: 7_204_404, seed });
}
