import { Router } from "express";
import { Problem } from "example-kit/problem";
import { credentials, emailOf, givenBack } from "example-kit/signing-in";
import { signInLimits } from "livecache";
import { limited } from "livecache/express";
import type { Person, SessionAnswer } from "../answers.ts";
import type { Database } from "../database/database.ts";
import type { HostelLive } from "../live.ts";
import { SESSION_COOKIE, SESSION_LASTS_SECONDS } from "../session.ts";
import type { Sessions } from "../session.ts";
import { findByPassword } from "../store/people.ts";
import { personOf, visitorOf } from "./guard.ts";

export interface SessionRouteParts {
  readonly db: Database;
  readonly live: HostelLive;
  readonly sessions: Sessions;
}

const cookie = { httpOnly: true, sameSite: "lax", path: "/" } as const;

/** Signing in and out. The session travels in a cookie that scripts cannot read. */
export function sessionRoutes({ db, live, sessions }: SessionRouteParts): Router {
  const router = Router();

  router.get("/session", (_request, response) => {
    const visitor = visitorOf(response);
    response.json({ person: visitor ? bare(visitor) : null } satisfies SessionAnswer);
  });

  router.post("/session", limited(live, signInLimits(emailOf)), async (request, response) => {
    const { password, ...who } = credentials.parse(request.body);
    const person = await findByPassword(db, who.email, password);
    if (!person) throw new Problem(401, "Not signed in", "The address or the password is not right.");
    response.cookie(SESSION_COOKIE, await sessions.write(person), {
      ...cookie,
      secure: request.secure,
      maxAge: SESSION_LASTS_SECONDS * 1_000,
    });
    response.status(201).json({ person } satisfies SessionAnswer);
  });

  // The session is nobody's from now on, wherever it was copied to; open pages with it lose their connection.
  router.delete("/session", async (_request, response) => {
    const visitor = visitorOf(response);
    if (visitor) await givenBack(live.tokens.revoke(visitor.tokenId, visitor.expiresAt));
    response.clearCookie(SESSION_COOKIE, cookie).json({ person: null } satisfies SessionAnswer);
  });

  // The same for all sessions of the person, on every device.
  router.delete("/sessions", async (_request, response) => {
    await givenBack(live.tokens.revokeUser(personOf(response).userId));
    response.clearCookie(SESSION_COOKIE, cookie).json({ person: null } satisfies SessionAnswer);
  });

  return router;
}

function bare({ userId, name, role, hostelId }: Person): Person {
  return { userId, name, role, hostelId };
}
