import { email } from "example-kit/signing-in";
import { z } from "zod";
import { GOAL_KINDS, MUSCLES, UNITS } from "../vocabulary.ts";

/** What people send. */

export const rowId = z.coerce
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);

const exerciseId = z.string().min(1).max(60);
const remark = z.string().trim().max(1_000);

export const resetRequest = z.object({ email });
export const newPassword = z.object({
  password: z.string().min(8, "Please use at least 8 characters.").max(200),
});

export const workoutForm = z.object({
  title: z.string().trim().min(1, "Please give it a name.").max(80),
  minutes: z.int().min(1, "At least a minute.").max(600, "At most 600 minutes."),
  notes: remark.default(""),
  entries: z
    .array(
      z.object({
        exerciseId,
        sets: z.int().min(1).max(20),
        reps: z.int().min(1).max(200),
        weightKg: z.number().min(0).max(500),
      }),
    )
    .min(1, "Please add at least one exercise.")
    .max(30, "At most 30 exercises."),
});

export const profileForm = z.object({
  name: z.string().trim().min(2, "Please write your name.").max(60),
  about: z.string().trim().max(160).default(""),
  weeklyTarget: z.int().min(1).max(14),
});

export const preferencesForm = z.object({
  unit: z.enum(UNITS),
  restSeconds: z.int().min(15).max(600),
  favourites: z.array(exerciseId).max(50),
  muscle: z.enum(MUSCLES),
});

export const goalForm = z
  .object({
    kind: z.enum(GOAL_KINDS),
    exerciseId: exerciseId.nullable().default(null),
    target: z.number().positive("More than nothing.").max(1_000_000),
  })
  .refine(({ kind, exerciseId: chosen }) => (kind === "lift") === (chosen !== null), {
    path: ["exerciseId"],
    message: "A lift needs an exercise, and nothing else has one.",
  });

export const commentForm = z.object({ text: remark.min(1, "Please write something.") });

export const clientForm = z.object({ memberId: z.string().min(1).max(60) });

export const sessionForm = z.object({
  title: z.string().trim().min(3, "Please give it a title.").max(80),
  place: z.string().trim().min(1, "Please say where.").max(80),
  note: z.string().trim().max(500).default(""),
  startsAt: z.iso
    .datetime({ offset: true })
    .transform((moment) => new Date(moment))
    .refine((moment) => moment.getTime() > Date.now(), "Please choose a time to come."),
});

export const comingForm = z.object({ coming: z.boolean() });
