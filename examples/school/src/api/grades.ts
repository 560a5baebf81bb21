import { Router } from "express";
import { cached } from "livecache/express";
import { z } from "zod";
import type { AssessmentAnswer, GradesAnswer } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { tag } from "../keys.ts";
import type { Who } from "../live.ts";
import { createAssessment, enterGrades, readAssessment, readGrades } from "../store/grades.ts";
import { readParents } from "../store/people.ts";
import { findStudents } from "../store/threads.ts";
import { may, notThere, notYours, pathNumber, pathPart, whoOf } from "./guard.ts";
import type { RouteParts } from "./guard.ts";

const points = z.number().int().min(0, "From 0 to 100.").max(100, "From 0 to 100.").nullable();
const entering = z.object({ points: z.record(z.string().max(60), points) });
const newAssessment = z.object({
  classId: z.string().min(1).max(60),
  title: z.string().trim().min(3, "Please say what it was.").max(80),
});

/**
 * What somebody has achieved. All of it is sensitive: shut while this node cannot know which tokens were revoked. Better no grades for a while
 * than grades for whoever holds a token that was given back.
 */
export function gradeRoutes(parts: RouteParts): Router {
  const { db, live } = parts;
  const router = Router();

  router.get(
    "/students/:studentId/grades",
    may(parts, "grades:read", true),
    cached(live, {
      ttl: "5m",
      vary: ["userId", "role"],
      tags: (request) => [tag.studentGrades(pathPart(request, "studentId"))],
    }),
    async (request, response) => {
      const studentId = pathPart(request, "studentId");
      await refuseStranger(db, whoOf(request), studentId);
      response.json((await readGrades(db, studentId)) satisfies GradesAnswer);
    },
  );

  router.get(
    "/assessments/:id/grades",
    may(parts, "grades:write", true),
    cached(live, {
      ttl: "5m",
      vary: ["userId", "role"],
      tags: (request) => [tag.assessment(pathPart(request, "id"))],
    }),
    async (request, response) => {
      const { teacherId: _teacher, classId: _class, ...found } = await ownAssessment(db, request);
      response.json(found satisfies AssessmentAnswer);
    },
  );

  return router.use(enteringRoutes(parts));
}

function enteringRoutes(parts: RouteParts): Router {
  const { db, live } = parts;
  const router = Router();
  const mayEnter = may(parts, "grades:write", true);

  router.put("/assessments/:id/grades", mayEnter, async (request, response) => {
    const input = entering.parse(request.body);
    const { id, subject, title, teacherId } = await ownAssessment(db, request);
    const changed = await enterGrades(db, id, input.points);
    if (changed.length > 0) {
      const ids = changed.map((one) => one.id);
      const parents = await readParents(db, ids);
      const told = [
        ...ids.map((userId) => ({ userId, studentId: userId })),
        ...parents.map(({ parentId, studentId }) => ({ userId: parentId, studentId })),
      ];
      await live.change({
        tags: [tag.assessment(id), tag.teacherAssessments(teacherId), ...ids.map(tag.studentGrades)],
        emit: told.map(({ userId, studentId }) => {
          const { name: student } = changed.find((one) => one.id === studentId)!;
          return live.notification(userId, "grades", { student, subject, title });
        }),
      });
    }
    response.json({ message: "Grades entered", changed: changed.map((one) => one.id) });
  });

  router.post("/assessments", mayEnter, async (request, response) => {
    const { userId, classIds, post } = whoOf(request);
    const input = newAssessment.parse(request.body);
    if (!classIds.includes(input.classId)) throw notYours("You may grade your own classes only.");
    const id = await createAssessment(db, { ...input, teacherId: userId, subject: post ?? "General" });
    await live.change({ tags: [tag.teacherAssessments(userId)] });
    response.status(201).json({ message: "Assessment created", id });
  });
  return router;
}

/** @throws Problem 404 for somebody else's too */
async function ownAssessment(db: Database, request: Parameters<typeof pathNumber>[0] & object) {
  const found = await readAssessment(db, pathNumber(request, "id"));
  if (!found || found.teacherId !== whoOf(request).userId) throw notThere("assessment");
  return found;
}

/** Students see their own grades, parents their children's, teachers those of the classes that they teach. */
async function refuseStranger(db: Database, who: Who, studentId: string): Promise<void> {
  if (who.userId === studentId || who.childIds.includes(studentId)) return;
  const [student] = who.role === "teacher" ? await findStudents(db, [studentId]) : [];
  if (!student || !who.classIds.includes(student.classId))
    throw notYours("These grades are not yours to see.");
}
