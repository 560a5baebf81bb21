import { Router } from "express";
import { cached } from "livecache/express";
import { z } from "zod";
import type { AttendanceAnswer, AttendanceWritten } from "../answers.ts";
import { tag } from "../keys.ts";
import { readAttendance, takeAttendance } from "../store/attendance.ts";
import { readParents } from "../store/people.ts";
import { MARKS } from "../vocabulary.ts";
import { may, notThere, notYours, pathPart, whoOf } from "./guard.ts";
import type { RouteParts } from "./guard.ts";

const taking = z.object({ marks: z.record(z.string().max(60), z.enum(MARKS)) });

/** Who is there today, and those who write it down: teachers of the class, and administrators of its school. */
export function attendanceRoutes(parts: RouteParts): Router {
  const { db, live } = parts;
  const router = Router();
  const path = "/classes/:classId/attendance";
  const mayTake = may(parts, "attendance:write");

  router.get(
    path,
    mayTake,
    cached(live, {
      ttl: "5m",
      vary: ["userId", "role"],
      tags: (request) => [tag.classAttendance(pathPart(request, "classId"))],
    }),
    async (request, response) => {
      const classId = pathPart(request, "classId");
      refuseForeign(whoOf(request).classIds, classId);
      const found = await readAttendance(db, classId);
      if (!found) throw notThere("class");
      response.json(found satisfies AttendanceAnswer);
    },
  );

  router.put(path, mayTake, async (request, response) => {
    const { userId, name, classIds, schoolId } = whoOf(request);
    const classId = pathPart(request, "classId");
    const { marks } = taking.parse(request.body);
    refuseForeign(classIds, classId);
    const className = (await readAttendance(db, classId))?.className ?? classId;
    const changed = await takeAttendance(db, { classId, takenBy: userId, marks });
    const ids = changed.map(({ id }) => id);
    if (changed.length > 0) {
      const by = { id: userId, name };
      const absent = changed.filter(({ mark }) => mark === "absent").length;
      const toTell = changed.filter(({ mark }) => mark !== "present");
      const parents = await readParents(
        db,
        toTell.map(({ id }) => id),
      );
      await live.change({
        tags: [
          tag.classAttendance(classId),
          tag.schoolAttendance(schoolId!),
          tag.allAttendance,
          ...ids.map(tag.studentAttendance),
        ],
        emit: [
          live.event("school/:schoolId", { schoolId: schoolId! }, "attendance_taken", {
            ...{ classId, className, by, absent },
          }),
          ...parents.map(({ parentId, studentId }) => {
            const { name: student, mark } = toTell.find(({ id }) => id === studentId)!;
            return live.notification(parentId, "attendance", { student, mark, by: name });
          }),
        ],
      });
    }
    response.json({ message: "Attendance taken", changed: ids } satisfies AttendanceWritten);
  });

  return router;
}

function refuseForeign(classIds: readonly string[], classId: string): void {
  if (!classIds.includes(classId)) throw notYours("You may take attendance of your own classes only.");
}
