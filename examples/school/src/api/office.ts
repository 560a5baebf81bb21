import { Router } from "express";
import { cached, guard } from "livecache/express";
import { z } from "zod";
import type { Notice, NoticeAnswer } from "../answers.ts";
import { noticeKey, tag } from "../keys.ts";
import { addVisitor, payFee, seeOff, setBus } from "../store/office.ts";
import { BUS_STATES } from "../vocabulary.ts";
import { may, notThere, pathNumber, pathPart, whoOf } from "./guard.ts";
import type { RouteParts } from "./guard.ts";

const visitor = z.object({
  name: z.string().trim().min(2, "Who is it?").max(80),
  sees: z.string().trim().min(2, "Whom do they see?").max(80),
});
const busState = z.object({ state: z.enum(BUS_STATES) });
const notice = z.object({
  text: z.string().trim().min(3, "Please write what everybody should know.").max(280),
  hours: z.number().int().min(1).max(24).default(24),
});

/** The front desk and the head's office. */
export function officeRoutes(parts: RouteParts): Router {
  const { db, live } = parts;
  const router = Router();

  router.post("/visitors", may(parts, "visitors:write"), async (request, response) => {
    const input = visitor.parse(request.body);
    const schoolId = whoOf(request).schoolId!;
    await addVisitor(db, { ...input, schoolId });
    const told = live.event("school/:schoolId", { schoolId }, "visitor_came", input);
    await live.change({ tags: [tag.visitors(schoolId)], emit: [told] });
    response.status(201).json({ message: "Visitor noted" });
  });

  router.post("/visitors/:id/leave", may(parts, "visitors:write"), async (request, response) => {
    const schoolId = whoOf(request).schoolId!;
    if (!(await seeOff(db, schoolId, pathNumber(request, "id")))) throw notThere("visitor");
    await live.change({ tags: [tag.visitors(schoolId)] });
    response.json({ message: "Visitor has left" });
  });

  router.put("/buses/:id", may(parts, "buses:write"), async (request, response) => {
    const { state } = busState.parse(request.body);
    const schoolId = whoOf(request).schoolId!;
    const name = await setBus(db, schoolId, { id: pathPart(request, "id"), state });
    if (name === undefined) throw notThere("bus");
    const told = live.event("school/:schoolId", { schoolId }, "bus_changed", { name, state });
    await live.change({ tags: [tag.buses(schoolId)], emit: [told] });
    response.json({ message: "Bus updated" });
  });

  router.post("/fees/:id/paid", may(parts, "fees:write"), async (request, response) => {
    const schoolId = whoOf(request).schoolId!;
    if (!(await payFee(db, schoolId, pathNumber(request, "id")))) throw notThere("open fee");
    await live.change({ tags: [tag.fees(schoolId)] });
    response.json({ message: "Fee paid" });
  });

  return router.use(noticeRoutes(parts));
}

/** A notice is for the day: it lives in the cache, which forgets it by itself, and every screen of the school shows it. */
function noticeRoutes(parts: RouteParts): Router {
  const { live } = parts;
  const router = Router();
  const keyOf = (request: object) => noticeKey.key({ schoolId: whoOf(request).schoolId ?? "none" });

  router.get(
    "/notice",
    guard(live),
    cached(live, { ttl: "5m", vary: ["userId", "schoolId"], tags: (request) => [keyOf(request)] }),
    async (request, response) => {
      response.json({ notice: (await live.cache.get(keyOf(request))) ?? null } satisfies NoticeAnswer);
    },
  );

  router.put("/notice", may(parts, "notice:write"), async (request, response) => {
    const { text, hours } = notice.parse(request.body);
    const written: Notice = { text, by: whoOf(request).name, at: new Date().toISOString() };
    await live.cache.set(keyOf(request), written, { ttlSeconds: hours * 3_600 });
    response.json({ notice: written } satisfies NoticeAnswer);
  });

  router.delete("/notice", may(parts, "notice:write"), async (request, response) => {
    const key = keyOf(request);
    if (!(await live.cache.has(key))) throw notThere("notice");
    await live.cache.delete(key);
    response.json({ notice: null } satisfies NoticeAnswer);
  });
  return router;
}
