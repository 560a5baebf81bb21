import { Router } from "express";
import { z } from "zod";
import type { SessionAnswer } from "../answers.ts";
import type { Database } from "../database/database.ts";
import { SESSION_COOKIE, SESSION_LASTS_SECONDS } from "../session.ts";
import type { Sessions } from "../session.ts";
import { findByPassword } from "../store/people.ts";
import { visitorOf } from "./guard.ts";
import { Problem } from "example-kit/problem";

const credentials = z.object({ email: z.string().min(1).max(200), password: z.string().min(1).max(200) });

/** Signing in and out. The session travels in a cookie that scripts cannot read. */
export function sessionRoutes({ db, sessions }: { db: Database; sessions: Sessions }): Router {
  const router = Router();
  const cookie = { httpOnly: true, sameSite: "lax", path: "/" } as const;

  router.get("/session", (_request, response) => {
    response.json({ person: visitorOf(response) ?? null } satisfies SessionAnswer);
  });

  router.post("/session", async (request, response) => {
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

  router.delete("/session", (_request, response) => {
    response.clearCookie(SESSION_COOKIE, cookie).json({ person: null } satisfies SessionAnswer);
  });

  return router;
}
