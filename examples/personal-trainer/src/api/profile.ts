import { Router } from "express";
import type { AppParts } from "../app-parts.ts";
import { listClientIds } from "../store/clients.ts";
import { savePreferences, updateProfile } from "../store/people.ts";
import { preferencesForm, profileForm } from "./forms.ts";
import { ownOrClient, visitorOf } from "./guards.ts";
import { mustExist } from "./progress.ts";

/** Who somebody is, how they like it, and the exercises there are. */
export function profileRoutes(parts: AppParts): Router {
  const { db, live, reader, readings } = parts;
  const router = Router();

  router.get("/users/:userId/profile", ownOrClient(parts, "userId"), reader.watched, (request, response) =>
    reader.answer(response, readings.profile(String(request.params["userId"]))),
  );

  router.put("/profile", async (request, response) => {
    const { userId } = visitorOf(request);
    const person = await updateProfile(db, userId, profileForm.parse(request.body));
    const clientIds = person.role === "trainer" ? await listClientIds(db, userId) : [];
    // The seed's pattern `user:{userId}:*`, and of whoever shows the name: everything of theirs in one step.
    const tags = [userId, ...clientIds].map((id) => `user:${id}`);
    await live.change({ tags: person.trainerId ? [...tags, readings.clients(person.trainerId).key] : tags });
    response.json({ message: "Profile saved", person });
  });

  router.get("/preferences", reader.watched, (request, response) =>
    reader.answer(response, readings.preferences(visitorOf(request).userId)),
  );

  router.put("/preferences", async (request, response) => {
    const { userId } = visitorOf(request);
    const preferences = preferencesForm.parse(request.body);
    await mustExist(parts, preferences.favourites);
    await savePreferences(db, userId, preferences);
    await live.change({ tags: [readings.preferences(userId).key] });
    response.json({ message: "Saved", preferences });
  });

  router.get("/exercises", reader.watched, (_request, response) =>
    reader.answer(response, readings.exercises()),
  );

  return router;
}
