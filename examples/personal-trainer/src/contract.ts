import { defineContract } from "livecache";
import { z } from "zod";
import { ACTIONS } from "./vocabulary.ts";

const moment = z.iso.datetime();
const who = z.object({ id: z.string(), name: z.string() });

/** The seed's event: a member's progress is another one now. */
const progressSchema = z.object({
  userId: z.string(),
  userName: z.string(),
  action: z.enum(ACTIONS),
  workout: z.object({
    id: z.int(),
    title: z.string(),
    volumeKg: z.number(),
    minutes: z.int(),
    /** Exercises in which the member has never moved as much before. */
    records: z.int(),
  }),
  at: moment,
});
export type ProgressUpdated = z.infer<typeof progressSchema>;

const commentSchema = z.object({
  id: z.int(),
  workoutId: z.int(),
  workoutTitle: z.string(),
  memberId: z.string(),
  author: who,
  text: z.string(),
  createdAt: moment,
});
export type Comment = z.infer<typeof commentSchema>;

const sessionSchema = z.object({
  id: z.int(),
  trainer: who,
  title: z.string(),
  place: z.string(),
  startsAt: moment,
  note: z.string(),
});
export type AnnouncedSession = z.infer<typeof sessionSchema>;

/** What the screens are told as it happens. */
export const contract = defineContract({
  channels: {
    /** The seed's room of a member; the member's trainer listens too. */
    "progress/:userId": {
      events: { progressUpdated: progressSchema, commented: commentSchema },
      presence: true,
      typing: true,
    },
    /** A trainer and all of their clients. */
    "group/:trainerId": { events: { session_announced: sessionSchema }, presence: true },
  },
  notifications: {
    commented: commentSchema,
    session_announced: sessionSchema,
    session_cancelled: z.object({ title: z.string(), startsAt: moment, trainer: who }),
    trainer_changed: z.object({ trainer: who.nullable() }),
  },
});
export type TrainerContract = typeof contract;
