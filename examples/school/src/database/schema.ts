import { boolean, date, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import { BUS_STATES, MARKS, ROLES } from "../vocabulary.ts";
import type { Right } from "../vocabulary.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true });
const ownId = () => integer("id").primaryKey().generatedAlwaysAsIdentity();

export const roles = pgTable("school_roles", {
  name: text("name", { enum: ROLES }).primaryKey(),
  rights: jsonb("rights").$type<readonly Right[]>().notNull(),
});

export const schools = pgTable("school_schools", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  town: text("town").notNull(),
});

export const people = pgTable("school_people", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  role: text("role", { enum: ROLES }).notNull(),
  /** `null`: responsible for all of them. */
  schoolId: text("school_id"),
  /** What a teacher teaches, or what else somebody does. */
  post: text("post"),
  /** The class that a student goes to. */
  classId: text("class_id"),
  /** Whoever has none cannot sign in. */
  passwordHash: text("password_hash"),
});

export const children = pgTable(
  "school_children",
  { parentId: text("parent_id").notNull(), studentId: text("student_id").notNull() },
  (table) => [primaryKey({ columns: [table.parentId, table.studentId] })],
);

export const classes = pgTable("school_classes", {
  id: text("id").primaryKey(),
  schoolId: text("school_id").notNull(),
  name: text("name").notNull(),
  room: text("room").notNull(),
  /** Its own teacher. */
  teacherId: text("teacher_id").notNull(),
});

export const lessons = pgTable("school_lessons", {
  id: ownId(),
  classId: text("class_id").notNull(),
  teacherId: text("teacher_id").notNull(),
  subject: text("subject").notNull(),
  /** 1 to 5. */
  weekday: integer("weekday").notNull(),
  /** From 0: see `PERIODS`. */
  period: integer("period").notNull(),
});

export const attendance = pgTable(
  "school_attendance",
  {
    studentId: text("student_id").notNull(),
    day: date("day").notNull(),
    classId: text("class_id").notNull(),
    mark: text("mark", { enum: MARKS }).notNull(),
    takenBy: text("taken_by").notNull(),
    at: moment("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.studentId, table.day] })],
);

export const assessments = pgTable("school_assessments", {
  id: ownId(),
  classId: text("class_id").notNull(),
  teacherId: text("teacher_id").notNull(),
  subject: text("subject").notNull(),
  title: text("title").notNull(),
  day: date("day").notNull(),
});

export const grades = pgTable(
  "school_grades",
  {
    assessmentId: integer("assessment_id").notNull(),
    studentId: text("student_id").notNull(),
    /** Of 100. */
    points: integer("points").notNull(),
  },
  (table) => [primaryKey({ columns: [table.assessmentId, table.studentId] })],
);

export const homework = pgTable("school_homework", {
  id: ownId(),
  classId: text("class_id").notNull(),
  subject: text("subject").notNull(),
  title: text("title").notNull(),
  due: date("due").notNull(),
});

export const fees = pgTable("school_fees", {
  id: ownId(),
  studentId: text("student_id").notNull(),
  schoolId: text("school_id").notNull(),
  title: text("title").notNull(),
  cents: integer("cents").notNull(),
  due: date("due").notNull(),
  isPaid: boolean("is_paid").notNull(),
});

export const visitors = pgTable("school_visitors", {
  id: ownId(),
  schoolId: text("school_id").notNull(),
  name: text("name").notNull(),
  sees: text("sees").notNull(),
  cameAt: moment("came_at").notNull(),
  leftAt: moment("left_at"),
});

export const buses = pgTable("school_buses", {
  id: text("id").primaryKey(),
  schoolId: text("school_id").notNull(),
  name: text("name").notNull(),
  departs: text("departs").notNull(),
  seats: integer("seats").notNull(),
  state: text("state", { enum: BUS_STATES }).notNull(),
});

export const messages = pgTable("school_messages", {
  id: ownId(),
  /** Whom it is about: a conversation between the student's parents and teacher. */
  studentId: text("student_id").notNull(),
  fromId: text("from_id").notNull(),
  text: text("text").notNull(),
  at: moment("at").notNull(),
});
