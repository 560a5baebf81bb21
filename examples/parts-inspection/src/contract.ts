import { warmingSchema } from "example-kit/warming";
import { defineContract, uploadSchema } from "livecache";
import { z } from "zod";
import { RESULTS } from "./vocabulary.ts";

const moment = z.iso.datetime();
const who = z.object({ id: z.string(), name: z.string() });

/** What every notice of an audit says: which one, in words, and when. */
const notice = z.object({
  auditId: z.int(),
  message: z.string(),
  timestamp: moment,
  by: who,
  /** Where: "Gear shafts · Lathe L-210". */
  place: z.string(),
});

const createdSchema = notice.extend({
  process: z.string(),
  result: z.enum(RESULTS),
});
export type AuditCreated = z.infer<typeof createdSchema>;

const commentedSchema = notice.extend({ text: z.string() });
export type AuditCommented = z.infer<typeof commentedSchema>;

/** What server and pages tell each other. */
export const contract = defineContract({
  channels: {
    /** Administrators with the list of audits open. */
    "audit-room": {
      events: { "audit-created": createdSchema, "audit-updated": notice, "audit-deleted": notice },
      presence: true,
    },
    /** Those who look at one audit. */
    "audit/:auditId": { events: {}, presence: true, typing: true, whispers: { upload: uploadSchema } },
    warming: { events: { progress: warmingSchema } },
  },
  notifications: { "audit-created": createdSchema, "audit-commented": commentedSchema },
});
export type PartsContract = typeof contract;
