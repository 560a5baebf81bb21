import { Router } from "express";
import { Problem } from "example-kit/problem";
import { cached } from "livecache/express";
import { z } from "zod";
import type { PeopleAnswer, RolesAnswer } from "../answers.ts";
import { roleKey, tag, userKey } from "../keys.ts";
import { readRoles, readWorkers, setRights, setRole } from "../store/people.ts";
import { RIGHTS, ROLES, WORKING_ROLES } from "../vocabulary.ts";
import { may, notThere, pathPart, whoOf } from "./guard.ts";
import type { RouteParts } from "./guard.ts";

const newRole = z.object({ role: z.enum(WORKING_ROLES) });
const newRights = z.object({ rights: z.array(z.enum(RIGHTS)) });

/** Who works at the school and as what, and what each role may do. Both take effect on open pages and sockets at once. */
export function peopleRoutes(parts: RouteParts): Router {
  const { db, live } = parts;
  const router = Router();
  const mayChoose = may(parts, "people:write");

  router.get(
    "/people",
    mayChoose,
    cached(live, {
      ttl: "5m",
      vary: ["userId", "role"],
      tags: (request) => [tag.workers(whoOf(request).schoolId!)],
    }),
    async (request, response) => {
      const people = await readWorkers(db, whoOf(request).schoolId!);
      response.json({ people } satisfies PeopleAnswer);
    },
  );

  router.put("/people/:userId/role", mayChoose, async (request, response) => {
    const { role } = newRole.parse(request.body);
    const { userId: byId, name, schoolId } = whoOf(request);
    const userId = pathPart(request, "userId");
    if (userId === byId) throw new Problem(409, "Not possible", "Somebody else must change your own role.");
    const person = (await readWorkers(db, schoolId!)).find(({ id }) => id === userId);
    if (!person) throw notThere("person at your school");
    if (person.role !== role) {
      await setRole(db, userId, role);
      const by = { id: byId, name };
      // The look-up of who that is goes first; then their sockets are asked about again, on every node.
      await live.change({
        tags: [userKey.key({ userId }), tag.workers(schoolId!)],
        identity: userId,
        emit: [live.event("person/:userId", { userId }, "role_changed", { role, by })],
      });
    }
    response.json({ message: "Role changed", userId, role });
  });

  return router.use(roleRoutes(parts));
}

function roleRoutes(parts: RouteParts): Router {
  const { db, live } = parts;
  const router = Router();

  router.get(
    "/roles",
    may(parts, "roles:write"),
    cached(live, { ttl: "1h", vary: ["role"], tags: ["roles"] }),
    async (_request, response) => {
      response.json({ roles: await readRoles(db) } satisfies RolesAnswer);
    },
  );

  router.put("/roles/:roleName", may(parts, "roles:write"), async (request, response) => {
    const { rights } = newRights.parse(request.body);
    const role = ROLES.find((one) => one === pathPart(request, "roleName"));
    if (!role) throw notThere("role");
    if (role === "super_admin" && !rights.includes("roles:write")) {
      throw new Problem(409, "Not possible", "Nobody could give this right back.");
    }
    await setRights(db, role, rights);
    await live.change({ tags: [roleKey.key({ roleName: role }), "roles"] });
    response.json({ message: "Rights changed", role, rights });
  });
  return router;
}
