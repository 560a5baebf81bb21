import { warmingSchema } from "example-kit/warming";
import { defineContract } from "livecache";
import { z } from "zod";
import { CATEGORIES, PRIORITIES, STATUSES } from "./vocabulary.ts";

const moment = z.iso.datetime();
const who = z.object({ id: z.string(), name: z.string() });

const issueSchema = z.object({
  id: z.int(),
  hostelId: z.string(),
  title: z.string(),
  description: z.string(),
  place: z.string(),
  category: z.enum(CATEGORIES),
  priority: z.enum(PRIORITIES),
  status: z.enum(STATUSES),
  reporter: who,
  createdAt: moment,
  updatedAt: moment,
  resolvedAt: moment.nullable(),
});
export type Issue = z.infer<typeof issueSchema>;

const announcementSchema = z.object({
  id: z.int(),
  /** `null`: for every hostel. */
  hostelId: z.string().nullable(),
  title: z.string(),
  body: z.string(),
  author: who,
  createdAt: moment,
});
export type Announcement = z.infer<typeof announcementSchema>;

/** What the server tells the screens of a hostel, and management's, as it happens. */
export const contract = defineContract({
  channels: {
    "hostel/:hostelId": {
      events: {
        new_issue: issueSchema,
        issue_status_updated: z.object({
          id: z.int(),
          title: z.string(),
          status: z.enum(STATUSES),
          by: who,
        }),
        new_announcement: announcementSchema,
      },
    },
    warming: { events: { progress: warmingSchema } },
  },
});
export type HostelContract = typeof contract;
