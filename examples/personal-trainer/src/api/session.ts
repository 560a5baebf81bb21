import { Router } from "express";
import { Problem } from "example-kit/problem";
import { credentials, emailOf, givenBack } from "example-kit/signing-in";
import { signInLimits } from "livecache";
import { guard, limited } from "livecache/express";
import type { SessionAnswer } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";
import { SESSION_COOKIE, SESSION_LASTS_SECONDS } from "../session.ts";
import { findByPassword } from "../store/people.ts";
import { visitorOf, whoAsks } from "./guards.ts";

const cookie = { httpOnly: true, sameSite: "lax", path: "/" } as const;

/** Signing in and out. The token travels in a cookie that scripts cannot read. */
export function sessionRoutes({ db, live, sessions, reader, readings }: AppParts): Router {
  const router = Router();

  router.get("/session", async (request, response) => {
    const visitor = await whoAsks({ live, sessions }, request);
    const person = visitor ? await reader.valueOf(readings.profile(visitor.userId)) : null;
    response.json({ person } satisfies SessionAnswer);
  });

  router.post("/session", limited(live, signInLimits(emailOf)), async (request, response) => {
    const { email, password } = credentials.parse(request.body);
    const person = await findByPassword(db, email, password);
    if (!person) throw new Problem(401, "Not signed in", "The address or the password is not right.");
    response.cookie(SESSION_COOKIE, await sessions.write(person), {
      ...cookie,
      secure: request.secure,
      maxAge: SESSION_LASTS_SECONDS * 1_000,
    });
    response.status(201).json({ person } satisfies SessionAnswer);
  });

  // The session is nobody's from now on, wherever it was copied to; open pages with it lose their connection.
  router.delete("/session", async (request, response) => {
    const visitor = await whoAsks({ live, sessions }, request);
    if (visitor) await givenBack(live.tokens.revoke(visitor.tokenId, visitor.expiresAt));
    response.clearCookie(SESSION_COOKIE, cookie).json({ person: null } satisfies SessionAnswer);
  });

  // The same for all sessions of the person, on every device.
  router.delete("/sessions", guard(live), async (request, response) => {
    await givenBack(live.tokens.revokeUser(visitorOf(request).userId));
    response.clearCookie(SESSION_COOKIE, cookie).json({ person: null } satisfies SessionAnswer);
  });

  return router;
}
