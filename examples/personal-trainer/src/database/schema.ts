import {
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import { GOAL_KINDS, MUSCLES, ROLES, UNITS } from "../vocabulary.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true });
const number = () => integer("id").primaryKey().generatedAlwaysAsIdentity();

export const people = pgTable("people", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  role: text("role", { enum: ROLES }).notNull(),
  trainerId: text("trainer_id"),
  about: text("about").notNull(),
  weeklyTarget: integer("weekly_target").notNull(),
  passwordHash: text("password_hash").notNull(),
});

export const preferences = pgTable("preferences", {
  userId: text("user_id")
    .primaryKey()
    .references(() => people.id),
  unit: text("unit", { enum: UNITS }).notNull(),
  restSeconds: integer("rest_seconds").notNull(),
  favourites: jsonb("favourites").$type<string[]>().notNull(),
  muscle: text("muscle", { enum: MUSCLES }).notNull(),
});

export const exercises = pgTable("exercises", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  muscle: text("muscle", { enum: MUSCLES }).notNull(),
  equipment: text("equipment").notNull(),
  cue: text("cue").notNull(),
});

export const workouts = pgTable(
  "workouts",
  {
    id: number(),
    userId: text("user_id")
      .notNull()
      .references(() => people.id),
    title: text("title").notNull(),
    minutes: integer("minutes").notNull(),
    notes: text("notes").notNull(),
    finishedAt: moment("finished_at").notNull(),
    records: integer("records").notNull(),
  },
  (table) => [index("workouts_user_idx").on(table.userId, table.finishedAt)],
);

/** The lines of workouts: so many sets of so many repetitions. */
export const entries = pgTable(
  "entries",
  {
    workoutId: integer("workout_id")
      .notNull()
      .references(() => workouts.id, { onDelete: "cascade" }),
    place: integer("place").notNull(),
    exerciseId: text("exercise_id")
      .notNull()
      .references(() => exercises.id),
    sets: integer("sets").notNull(),
    reps: integer("reps").notNull(),
    weightKg: doublePrecision("weight_kg").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workoutId, table.place] })],
);

export const goals = pgTable("goals", {
  id: number(),
  userId: text("user_id")
    .notNull()
    .references(() => people.id),
  kind: text("kind", { enum: GOAL_KINDS }).notNull(),
  /** Of a lift. */
  exerciseId: text("exercise_id").references(() => exercises.id),
  target: doublePrecision("target").notNull(),
});

export const comments = pgTable("comments", {
  id: number(),
  workoutId: integer("workout_id")
    .notNull()
    .references(() => workouts.id, { onDelete: "cascade" }),
  authorId: text("author_id")
    .notNull()
    .references(() => people.id),
  text: text("text").notNull(),
  createdAt: moment("created_at").notNull(),
});

export const groupSessions = pgTable("group_sessions", {
  id: number(),
  trainerId: text("trainer_id")
    .notNull()
    .references(() => people.id),
  title: text("title").notNull(),
  place: text("place").notNull(),
  startsAt: moment("starts_at").notNull(),
  note: text("note").notNull(),
});

/** Who comes to a session. */
export const attendances = pgTable(
  "attendances",
  {
    sessionId: integer("session_id")
      .notNull()
      .references(() => groupSessions.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => people.id),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.userId] })],
);
