import { Router } from "express";
import { Problem } from "example-kit/problem";
import type { AppParts } from "../app-parts.ts";
import { assignClient, listClientIds, unassignClient } from "../store/clients.ts";
import { createGroupSession, deleteSession, findSession, setComing } from "../store/sessions.ts";
import { clientForm, comingForm, rowId, sessionForm } from "./forms.ts";
import { onlyTrainers, personOf, visitorOf } from "./guards.ts";

const MOST_CLIENTS = 60;

/** A trainer's clients. */
export function clientRoutes(parts: AppParts): Router {
  const { db, reader, readings } = parts;
  const router = Router();
  router.use("/trainer", onlyTrainers(parts));

  router.get("/trainer/clients", reader.watched, (request, response) =>
    reader.answer(response, readings.clients(visitorOf(request).userId)),
  );
  router.get("/trainer/free", reader.watched, (_request, response) =>
    reader.answer(response, readings.freeMembers()),
  );

  router.post("/trainer/clients", async (request, response) => {
    const { userId } = visitorOf(request);
    const { memberId } = clientForm.parse(request.body);
    if ((await listClientIds(db, userId)).length >= MOST_CLIENTS) {
      throw new Problem(409, "Enough clients", `At most ${MOST_CLIENTS} clients at a time.`);
    }
    if (!(await assignClient(db, memberId, userId))) {
      throw new Problem(409, "Not free", "This member has a trainer already, or is not there.");
    }
    const { name } = await personOf(parts, userId);
    await clientsChanged(parts, { memberId, trainerId: userId, now: { id: userId, name } });
    response.status(201).json({ message: "Client assigned" });
  });

  router.delete("/trainer/clients/:memberId", async (request, response) => {
    const { userId } = visitorOf(request);
    const { memberId } = request.params;
    if (!(await unassignClient(db, memberId, userId))) {
      throw new Problem(404, "Not found", "This is not your client.");
    }
    await clientsChanged(parts, { memberId, trainerId: userId, now: null });
    response.json({ message: "Client unassigned" });
  });

  return router;
}

interface Reassigned {
  readonly memberId: string;
  readonly trainerId: string;
  readonly now: { readonly id: string; readonly name: string } | null;
}

/**
 * The seed's pattern `trainer:{trainerId}:*`, the member's own `user:{memberId}:*`, and both people's rights: from now on their sockets hear what
 * they may hear, and nothing else.
 */
async function clientsChanged({ live, readings }: AppParts, { memberId, trainerId, now }: Reassigned) {
  await live.change({
    tags: [`trainer:${trainerId}`, `user:${memberId}`, readings.freeMembers().key],
    identity: [memberId, trainerId],
    emit: [live.notification(memberId, "trainer_changed", { trainer: now })],
  });
}

/** What a trainer does with all clients at once. */
export function sessionsRoutes(parts: AppParts): Router {
  const { db, live, reader, readings } = parts;
  const router = Router();

  router.get("/group-sessions", reader.watched, async (request, response) => {
    const { userId, role, trainerId } = await personOf(parts, visitorOf(request).userId);
    const of = role === "trainer" ? userId : trainerId;
    if (of) await reader.answer(response, readings.sessions(of));
    else response.set("Cache-Control", "no-store").json({ source: "database", data: [] });
  });

  router.post("/group-sessions", onlyTrainers(parts), async (request, response) => {
    const { userId } = visitorOf(request);
    const session = await createGroupSession(db, userId, sessionForm.parse(request.body));
    const { coming: _coming, ...announced } = session;
    const clientIds = await listClientIds(db, userId);
    await live.change({
      tags: [readings.sessions(userId).key],
      emit: [
        live.event("group/:trainerId", { trainerId: userId }, "session_announced", announced),
        ...clientIds.map((id) => live.notification(id, "session_announced", announced)),
      ],
    });
    response.status(201).json({ message: "Session announced", session });
  });

  router.delete("/group-sessions/:id", onlyTrainers(parts), async (request, response) => {
    const { userId } = visitorOf(request);
    const session = await sessionOf(parts, request.params["id"], userId);
    await deleteSession(db, session.id);
    const { title, startsAt, trainer } = session;
    await live.change({
      tags: [readings.sessions(userId).key],
      emit: session.coming.map(({ id }) =>
        live.notification(id, "session_cancelled", { title, startsAt, trainer }),
      ),
    });
    response.json({ message: "Session cancelled" });
  });

  router.put("/group-sessions/:id/coming", async (request, response) => {
    const { userId, trainerId } = await personOf(parts, visitorOf(request).userId);
    const session = await sessionOf(parts, request.params.id, trainerId);
    await setComing(db, { sessionId: session.id, userId, ...comingForm.parse(request.body) });
    await live.change({ tags: [readings.sessions(session.trainer.id).key] });
    response.json({ message: "Noted" });
  });

  return router;
}

/** @throws Problem 404 for a session that this trainer does not give */
async function sessionOf({ db }: AppParts, id: unknown, trainerId: string | null) {
  const session = await findSession(db, rowId.parse(id));
  if (!session || session.trainer.id !== trainerId) {
    throw new Problem(404, "Not found", "There is no such session.");
  }
  return session;
}
