import { Router } from "express";
import { Problem } from "example-kit/problem";
import type { Workout, WorkoutWritten } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";
import { addComment } from "../store/comments.ts";
import { createWorkout, deleteWorkout, updateWorkout } from "../store/workouts.ts";
import type { Action } from "../vocabulary.ts";
import { commentForm, workoutForm } from "./forms.ts";
import { ownOrClient, personOf, visibleWorkout, visitorOf } from "./guards.ts";
import { mustExist } from "./progress.ts";

/** What members do in the gym. */
export function workoutRoutes(parts: AppParts): Router {
  const { db, reader, readings } = parts;
  const router = Router();

  router.get("/users/:userId/workouts", ownOrClient(parts, "userId"), reader.watched, (request, response) =>
    reader.answer(response, readings.workouts(String(request.params["userId"]))),
  );
  router.get(
    "/members/:memberId/workouts",
    ownOrClient(parts, "memberId"),
    reader.watched,
    (request, response) =>
      reader.answer(response, readings.memberWorkouts(String(request.params["memberId"]))),
  );

  router.post("/workouts", async (request, response) => {
    const { userId } = visitorOf(request);
    const input = workoutForm.parse(request.body);
    await mustExist(parts, exercisesOf(input));
    const workout = await createWorkout(db, userId, { ...input, finishedAt: new Date() });
    await emitProgressUpdate(parts, "created", workout);
    response.status(201).json({ message: "Workout saved", workout } satisfies WorkoutWritten);
  });

  router.put("/workouts/:id", async (request, response) => {
    const before = await ownWorkout(parts, request);
    const input = workoutForm.parse(request.body);
    await mustExist(parts, exercisesOf(input));
    const workout = await updateWorkout(db, before, { ...input, finishedAt: new Date(before.finishedAt) });
    await emitProgressUpdate(parts, "updated", workout);
    response.json({ message: "Workout updated", workout } satisfies WorkoutWritten);
  });

  router.delete("/workouts/:id", async (request, response) => {
    const workout = await ownWorkout(parts, request);
    await deleteWorkout(db, workout.id);
    await emitProgressUpdate(parts, "deleted", workout);
    response.json({ message: "Workout deleted", workout } satisfies WorkoutWritten);
  });

  return router;
}

/** What is said about a workout, by the member and their trainer. */
export function commentRoutes(parts: AppParts): Router {
  const { db, live, reader, readings } = parts;
  const router = Router();

  router.get(
    "/workouts/:id/comments",
    async (request, _response, next) => {
      await visibleWorkout(parts, visitorOf(request), request.params["id"]);
      next();
    },
    reader.watched,
    (request, response) => reader.answer(response, readings.comments(Number(request.params["id"]))),
  );

  router.post("/workouts/:id/comments", async (request, response) => {
    const visitor = visitorOf(request);
    const { id, userId } = await visibleWorkout(parts, visitor, request.params.id);
    const { text } = commentForm.parse(request.body);
    const comment = await addComment(db, { workoutId: id, authorId: visitor.userId, text });
    const { trainerId } = await personOf(parts, userId);
    const other = visitor.userId === userId ? trainerId : userId;
    await live.change({
      tags: [readings.comments(id), readings.workouts(userId), readings.memberWorkouts(userId)].map(
        ({ key }) => key,
      ),
      emit: [
        live.event("progress/:userId", { userId }, "commented", comment),
        ...(other ? [live.notification(other, "commented", comment)] : []),
      ],
    });
    response.status(201).json({ message: "Comment added", comment });
  });

  return router;
}

/** The seed's helper: forgets what the workout has made untrue, and tells the member's room, in one step. */
async function emitProgressUpdate(parts: AppParts, action: Action, workout: Workout): Promise<void> {
  const { live, readings } = parts;
  const { id, userId, title, volumeKg, minutes, records } = workout;
  const { name, trainerId } = await personOf(parts, userId);
  const { progress, workouts, stats, memberWorkouts, clients } = readings;
  const gone = [progress(userId), workouts(userId), stats(userId), memberWorkouts(userId)];
  await live.change({
    tags: [...gone, ...(trainerId ? [clients(trainerId)] : [])].map(({ key }) => key),
    emit: [
      live.event("progress/:userId", { userId }, "progressUpdated", {
        userId,
        userName: name,
        action,
        workout: { id, title, volumeKg, minutes, records },
        at: new Date().toISOString(),
      }),
    ],
  });
}

async function ownWorkout(parts: AppParts, request: Parameters<typeof visitorOf>[0]): Promise<Workout> {
  const visitor = visitorOf(request);
  const workout = await visibleWorkout(parts, visitor, request.params["id"]);
  if (workout.userId !== visitor.userId) {
    throw new Problem(403, "Not allowed", "Only whoever did a workout changes it. Trainers may comment.");
  }
  return workout;
}

function exercisesOf({
  entries,
}: {
  readonly entries: readonly { readonly exerciseId: string }[];
}): string[] {
  return [...new Set(entries.map(({ exerciseId }) => exerciseId))];
}
