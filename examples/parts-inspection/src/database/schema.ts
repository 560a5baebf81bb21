import { boolean, customType, index, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Answered } from "../answers.ts";
import { PHOTO_TYPES, RESULTS, ROLES } from "../vocabulary.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true });
const bytes = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

export const people = pgTable("people", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  role: text("role", { enum: ROLES }).notNull(),
  passwordHash: text("password_hash").notNull(),
});

export const lines = pgTable("lines", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  name: text("name").notNull().unique(),
  retired: boolean("retired").notNull().default(false),
});

export const machines = pgTable("machines", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  name: text("name").notNull().unique(),
  lineId: integer("line_id")
    .notNull()
    .references(() => lines.id),
  processIds: integer("process_ids").array().notNull(),
  retired: boolean("retired").notNull().default(false),
});

export const processes = pgTable("processes", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  name: text("name").notNull().unique(),
  questions: text("questions").array().notNull(),
  retired: boolean("retired").notNull().default(false),
});

export const audits = pgTable(
  "audits",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    lineId: integer("line_id")
      .notNull()
      .references(() => lines.id),
    machineId: integer("machine_id")
      .notNull()
      .references(() => machines.id),
    processId: integer("process_id")
      .notNull()
      .references(() => processes.id),
    inspectorId: text("inspector_id")
      .notNull()
      .references(() => people.id),
    /** With their questions: a checklist that changes later changes no audit. */
    answers: jsonb("answers").$type<Answered[]>().notNull(),
    result: text("result", { enum: RESULTS }).notNull(),
    remarks: text("remarks").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (table) => [index("audits_inspector_idx").on(table.inspectorId, table.id)],
);

export const comments = pgTable(
  "comments",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    auditId: integer("audit_id")
      .notNull()
      .references(() => audits.id, { onDelete: "cascade" }),
    authorId: text("author_id")
      .notNull()
      .references(() => people.id),
    text: text("text").notNull(),
    at: moment("at").notNull(),
  },
  (table) => [index("comments_audit_idx").on(table.auditId, table.id)],
);

export const photos = pgTable(
  "photos",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    auditId: integer("audit_id")
      .notNull()
      .references(() => audits.id, { onDelete: "cascade" }),
    authorId: text("author_id")
      .notNull()
      .references(() => people.id),
    name: text("name").notNull(),
    type: text("type", { enum: PHOTO_TYPES }).notNull(),
    picture: bytes("picture").notNull(),
    at: moment("at").notNull(),
  },
  (table) => [index("photos_audit_idx").on(table.auditId, table.id)],
);
