import { randomUUID } from "node:crypto";
import { Router } from "express";
import { SignJWT } from "jose";
import { defineKey, signInLimits } from "livecache";
import { guard, identityOf, limited } from "livecache/express";
import { z } from "zod";
import { credentials, emailOf, form, newPassword } from "./forms.ts";
import type { SignInLive, Who } from "./live.ts";
import type { People } from "./people.ts";

export interface SchoolParts {
  readonly live: SignInLive;
  readonly people: People;
  readonly tokenSecret: string;
}

const TOKEN_LASTS_MS = 15 * 60_000;

/** What a role may do; a database in real life. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  admin: ["grades:read", "grades:write", "roles:write"],
  teacher: ["grades:read", "grades:write"],
  student: ["grades:read"],
};

const newRole = z.object({ role: z.enum(["admin", "teacher", "student"]) });
const roleKey = defineKey("role:{role}").holding<readonly string[]>();

/** The school: tokens that are refused everywhere once they were given back, and roles that are looked up once an hour. */
export function schoolRoutes({ live, people, tokenSecret }: SchoolParts): Router {
  const router = Router();
  const key = new TextEncoder().encode(tokenSecret);

  const rightsOf = (role: string): Promise<readonly string[]> =>
    live.cache.getOrSet(roleKey.key({ role }), () => RIGHTS[role] ?? [], { ttl: "1h", tags: ["roles"] });
  const mayWrite = async ({ role }: Who): Promise<boolean> => (await rightsOf(role)).includes("grades:write");

  const trySignIn = form(credentials, async ({ email, password }, _request, response) => {
    const person = await people.signIn(email, password);
    if (!person) {
      response.status(401).json({ message: "Wrong e-mail or password." });
      return;
    }
    const expiresAt = Date.now() + TOKEN_LASTS_MS;
    const token = await new SignJWT()
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(person.userId)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(Math.floor(expiresAt / 1_000))
      .sign(key);
    response.json({ token, expiresAt });
  });
  router.post("/sign-in", limited(live, signInLimits(emailOf)), trySignIn);

  router.get("/me", guard(live), async (request, response) => {
    const { userId, role } = identityOf<Who>(request);
    response.json({ userId, role, rights: await rightsOf(role) });
  });

  // Whoever holds a token that was revoked while Redis was away must not write: better nobody for a while.
  router.put(
    "/grades/:student",
    guard<Who>(live, { sensitive: true, allow: mayWrite }),
    (request, response) => {
      response.json({ student: request.params["student"], savedBy: identityOf<Who>(request).userId });
    },
  );

  router.post("/sign-out", guard(live), async (request, response) => {
    const { tokenId, expiresAt } = identityOf<Who>(request);
    if (tokenId !== undefined && expiresAt !== undefined) await live.tokens.revoke(tokenId, expiresAt);
    response.sendStatus(204);
  });

  const changePassword = form(newPassword, async ({ password }, request, response) => {
    const { userId } = identityOf<Who>(request);
    await people.setPassword(userId, password);
    await live.tokens.revokeUser(userId);
    response.sendStatus(204);
  });
  router.post("/password", guard(live), changePassword);

  const changeRole = form(newRole, async ({ role }, request, response) => {
    const userId = String(request.params["userId"]);
    if (!people.find(userId)) {
      response.status(404).json({ message: `Nobody is called ${userId}.` });
      return;
    }
    people.setRole(userId, role);
    const told = live.event("account/:userId", { userId }, "role_changed", { role });
    await live.change({ tags: ["roles"], identity: userId, emit: [told] });
    response.json({ userId, role });
  });
  router.put("/roles/:userId", guard<Who>(live, { roles: ["admin"] }), changeRole);
  return router;
}
