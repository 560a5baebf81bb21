import { Router } from "express";
import { Problem } from "example-kit/problem";
import type { AppParts } from "../app-parts.ts";
import { countGoals, createGoal, deleteGoal } from "../store/goals.ts";
import { unknownExercises } from "../store/workouts.ts";
import { goalForm, rowId } from "./forms.ts";
import { ownOrClient, visitorOf } from "./guards.ts";

const MOST_GOALS = 12;

/** How far somebody has come, and where they want to be. */
export function progressRoutes(parts: AppParts): Router {
  const { db, live, reader, readings } = parts;
  const router = Router();
  const own = ownOrClient(parts, "userId");

  router.get("/users/:userId/progress", own, reader.watched, (request, response) =>
    reader.answer(response, readings.progress(String(request.params["userId"]))),
  );
  router.get("/users/:userId/stats", own, reader.watched, (request, response) =>
    reader.answer(response, readings.stats(String(request.params["userId"]))),
  );

  router.post("/goals", async (request, response) => {
    const { userId } = visitorOf(request);
    const goal = goalForm.parse(request.body);
    if (goal.exerciseId) await mustExist(parts, [goal.exerciseId]);
    if ((await countGoals(db, userId)) >= MOST_GOALS) {
      throw new Problem(409, "Enough goals", `At most ${MOST_GOALS} at a time. Remove one first.`);
    }
    const id = await createGoal(db, userId, goal);
    await live.change({ tags: [readings.progress(userId).key] });
    response.status(201).json({ message: "Goal set", id });
  });

  router.delete("/goals/:id", async (request, response) => {
    const { userId } = visitorOf(request);
    if (!(await deleteGoal(db, userId, rowId.parse(request.params.id)))) {
      throw new Problem(404, "Not found", "You have no such goal.");
    }
    await live.change({ tags: [readings.progress(userId).key] });
    response.json({ message: "Goal removed" });
  });

  return router;
}

/** @throws Problem 400 that names the exercises which there are not */
export async function mustExist({ db }: Pick<AppParts, "db">, exerciseIds: readonly string[]): Promise<void> {
  const unknown = await unknownExercises(db, exerciseIds);
  if (unknown.length > 0) {
    throw new Problem(400, "Some fields are not right", `There is no exercise "${unknown.join('", "')}".`);
  }
}
