import { index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { CATEGORIES, PRIORITIES, ROLES, STATUSES } from "../vocabulary.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true });

export const hostels = pgTable("hostels", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  address: text("address").notNull(),
});

export const people = pgTable("people", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  role: text("role", { enum: ROLES }).notNull(),
  hostelId: text("hostel_id").references(() => hostels.id),
  room: text("room"),
  passwordHash: text("password_hash").notNull(),
});

export const issues = pgTable(
  "issues",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    hostelId: text("hostel_id")
      .notNull()
      .references(() => hostels.id),
    reporterId: text("reporter_id")
      .notNull()
      .references(() => people.id),
    title: text("title").notNull(),
    description: text("description").notNull(),
    place: text("place").notNull(),
    category: text("category", { enum: CATEGORIES }).notNull(),
    priority: text("priority", { enum: PRIORITIES }).notNull(),
    status: text("status", { enum: STATUSES }).notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    resolvedAt: moment("resolved_at"),
  },
  (table) => [index("issues_hostel_idx").on(table.hostelId, table.id)],
);

/** What happened to an issue, one row a step; the report itself is the first. */
export const issueSteps = pgTable(
  "issue_steps",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    issueId: integer("issue_id")
      .notNull()
      .references(() => issues.id),
    personId: text("person_id")
      .notNull()
      .references(() => people.id),
    status: text("status", { enum: STATUSES }).notNull(),
    at: moment("at").notNull(),
  },
  (table) => [index("issue_steps_issue_idx").on(table.issueId, table.id)],
);

export const announcements = pgTable("announcements", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  /** `null`: for every hostel. */
  hostelId: text("hostel_id").references(() => hostels.id),
  authorId: text("author_id")
    .notNull()
    .references(() => people.id),
  title: text("title").notNull(),
  body: text("body").notNull(),
  createdAt: moment("created_at").notNull(),
});
