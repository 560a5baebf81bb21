import { defineContract } from "livecache";
import { z } from "zod";
import { HAZARD_KINDS } from "./vocabulary.ts";

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

const hazardSchema = z.object({
  id: z.int(),
  kind: z.enum(HAZARD_KINDS),
  note: z.string(),
  latitude,
  longitude,
  /** The region that it is in. */
  cell: z.string(),
  segmentId: z.string().nullable(),
  street: z.string().nullable(),
  reporter: z.object({ id: z.string(), name: z.string() }),
  createdAt: z.iso.datetime(),
});
export type Hazard = z.infer<typeof hazardSchema>;

/** Where a vehicle is, as its phone tells everybody who looks at the map. Who tells it, the server adds. */
const vehicleSchema = z.object({
  /** One ride of one phone: a person may drive on two. */
  trip: z.string().min(1).max(40),
  latitude,
  longitude,
  /** Degrees clockwise from north. */
  heading: z.number().min(0).max(360),
  speedKmh: z.number().min(0).max(300),
});
export type VehicleReport = z.infer<typeof vehicleSchema>;

/** What phones and maps hear, and where phones belong that say where they are. */
export const contract = defineContract({
  channels: {
    /** Everybody who drives or looks on. */
    city: { events: {}, whispers: { vehicle: vehicleSchema }, presence: true },
    /** Whoever is in one cell of the map: `region/ttngkc`. */
    "region/:cell": { events: { hazard_reported: hazardSchema, hazard_cleared: z.object({ id: z.int() }) } },
  },
  regions: { channel: "region/:cell", precision: 6 },
});
export type RoadContract = typeof contract;
