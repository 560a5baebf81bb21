import { Router } from "express";
import { Problem } from "example-kit/problem";
import { credentials, emailOf } from "example-kit/signing-in";
import { signInLimits } from "livecache";
import { guard, identityOf, limited } from "livecache/express";
import { signIn, signOut, signOutEverywhere } from "livecache/session";
import type { SessionAnswer, SessionsAnswer } from "../answers.ts";
import type { Database } from "../database/database.ts";
import type { PartsLive, Who } from "../live.ts";
import { findByPassword } from "../store/people.ts";

/** Signing in and out, here and everywhere. The session is kept in the ground, the cookie only names it. */
export function sessionRoutes({ db, live }: { db: Database; live: PartsLive }): Router {
  const router = Router();

  router.get("/session", (request, response) => {
    const { userId, name, role } = request.session;
    const person = userId && name && role ? { userId, name, role } : null;
    response.json({ person } satisfies SessionAnswer);
  });

  router.post("/session", limited(live, signInLimits(emailOf)), async (request, response) => {
    const { password, ...who } = credentials.parse(request.body);
    const person = await findByPassword(db, who.email, password);
    if (!person) throw new Problem(401, "Not signed in", "The address or the password is not right.");
    const { userId, ...data } = person;
    await signIn(request, { userId, data });
    response.status(201).json({ person } satisfies SessionAnswer);
  });

  router.delete("/session", async (request, response) => {
    await signOut(request);
    response.clearCookie("parts_session").json({ person: null } satisfies SessionAnswer);
  });

  router.get("/sessions", guard(live), async (request, response) => {
    const mine = await live.sessions.of(identityOf<Who>(request).userId);
    const iso = (ms: number): string => new Date(ms).toISOString();
    const sessions = mine
      .toSorted((a, b) => b.seenAtMs - a.seenAtMs)
      .map(({ id, createdAtMs, seenAtMs, expiresAtMs }) => ({
        ...{ createdAt: iso(createdAtMs), seenAt: iso(seenAtMs), expiresAt: iso(expiresAtMs) },
        isThis: id === request.sessionID,
      }));
    response.json({ sessions } satisfies SessionsAnswer);
  });

  // All sessions of the person, on every device; with ?but=this, all others. Their open pages fall back to the sign-in page.
  router.delete("/sessions", guard(live), async (request, response) => {
    const except = request.query["but"] === "this" ? request.sessionID : undefined;
    const ended = await signOutEverywhere(live, identityOf<Who>(request).userId, { except });
    response.json({ ended });
  });

  return router;
}
