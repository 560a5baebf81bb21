import { warmingSchema } from "example-kit/warming";
import { defineContract } from "livecache";
import { z } from "zod";
import { BUS_STATES, MARKS, ROLES } from "./vocabulary.ts";

const moment = z.iso.datetime();
const who = z.object({ id: z.string(), name: z.string() });

const messageSchema = z.object({
  id: z.int(),
  studentId: z.string(),
  from: who,
  text: z.string(),
  at: moment,
});
/** Something that a parent or a teacher wrote about a student. */
export type Message = z.infer<typeof messageSchema>;

/** What the server tells the screens of a school, of a conversation, and of one person. */
export const contract = defineContract({
  channels: {
    /** Those who work at the school; being here is being on duty. */
    "school/:schoolId": {
      events: {
        attendance_taken: z.object({ classId: z.string(), className: z.string(), by: who, absent: z.int() }),
        visitor_came: z.object({ name: z.string(), sees: z.string() }),
        bus_changed: z.object({ name: z.string(), state: z.enum(BUS_STATES) }),
      },
      presence: true,
    },
    /** Parents and teachers of one student. */
    "thread/:studentId": {
      events: { said: messageSchema },
      messages: { say: z.object({ text: z.string().trim().min(1).max(1_000) }) },
      presence: true,
      typing: true,
    },
    "person/:userId": { events: { role_changed: z.object({ role: z.enum(ROLES), by: who }) } },
    warming: { events: { progress: warmingSchema } },
  },
  notifications: {
    attendance: z.object({ student: z.string(), mark: z.enum(MARKS), by: z.string() }),
    grades: z.object({ student: z.string(), subject: z.string(), title: z.string() }),
    message: z.object({ studentId: z.string(), student: z.string(), from: z.string(), text: z.string() }),
  },
});
export type SchoolContract = typeof contract;
