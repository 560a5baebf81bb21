import {
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import { HAZARD_KINDS, ROLES } from "../vocabulary.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true });

export const people = pgTable("people", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  role: text("role", { enum: ROLES }).notNull(),
  vehicle: text("vehicle").notNull(),
  passwordHash: text("password_hash").notNull(),
});

/** What recent observations say of each piece of road. */
export const segments = pgTable("segments", {
  id: text("id").primaryKey(),
  quality: real("quality"),
  confidence: real("confidence").notNull(),
  observations: integer("observations").notNull(),
  updatedAt: moment("updated_at"),
});

/** The newest observations of each segment. */
export const observations = pgTable(
  "observations",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    segmentId: text("segment_id").notNull(),
    driverId: text("driver_id").notNull(),
    quality: real("quality").notNull(),
    vibration: real("vibration").notNull(),
    speedKmh: real("speed_kmh").notNull(),
    at: moment("at").notNull(),
  },
  (table) => [index("observations_segment_idx").on(table.segmentId, table.id)],
);

/** All observations of a segment, twelve hours in one row. */
export const history = pgTable(
  "history",
  {
    segmentId: text("segment_id").notNull(),
    since: moment("since").notNull(),
    sum: real("sum").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.segmentId, table.since] })],
);

export const hazards = pgTable("hazards", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  kind: text("kind", { enum: HAZARD_KINDS }).notNull(),
  note: text("note").notNull(),
  latitude: doublePrecision("latitude").notNull(),
  longitude: doublePrecision("longitude").notNull(),
  cell: text("cell").notNull(),
  segmentId: text("segment_id"),
  reporterId: text("reporter_id").notNull(),
  createdAt: moment("created_at").notNull(),
  clearedAt: moment("cleared_at"),
});
