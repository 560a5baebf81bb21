import { Router } from "express";
import type { Request } from "express";
import { Problem } from "example-kit/problem";
import { credentials, emailOf, givenBack } from "example-kit/signing-in";
import { signInLimits } from "livecache";
import { guard, identityOf, limited } from "livecache/express";
import type { Person, SessionAnswer, TokenAnswer } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";
import { SESSION_COOKIE, SESSION_LASTS_SECONDS } from "../session.ts";
import type { Visitor } from "../session.ts";
import { findByPassword } from "../store/people.ts";

const cookie = { httpOnly: true, sameSite: "lax", path: "/" } as const;

/** Signing in and out: pages get a cookie that scripts cannot read, apps a token that they present themselves. */
export function sessionRoutes({ db, live, sessions }: AppParts): Router {
  const router = Router();
  const limits = limited(live, signInLimits(emailOf));

  async function signIn(request: Request): Promise<{ person: Person; token: string }> {
    const { password, ...who } = credentials.parse(request.body);
    const person = await findByPassword(db, who.email, password);
    if (!person) throw new Problem(401, "Not signed in", "The address or the password is not right.");
    return { person, token: await sessions.issue(person) };
  }

  router.get("/session", async (request, response) => {
    const { headers, url } = request;
    const visitor = await sessions.read({ headers, url, native: request });
    const isKnown = visitor && live.tokens.check(visitor) !== "revoked";
    response.json({ person: isKnown ? bare(visitor) : null } satisfies SessionAnswer);
  });

  router.post("/session", limits, async (request, response) => {
    const { person, token } = await signIn(request);
    const maxAge = SESSION_LASTS_SECONDS * 1_000;
    response.cookie(SESSION_COOKIE, token, { ...cookie, secure: request.secure, maxAge });
    response.status(201).json({ person } satisfies SessionAnswer);
  });

  router.post("/token", limits, async (request, response) => {
    const expiresInSeconds = SESSION_LASTS_SECONDS;
    response.status(201).json({ ...(await signIn(request)), expiresInSeconds } satisfies TokenAnswer);
  });

  // The token is nobody's from now on, wherever it was copied to; sockets that it opened end.
  router.delete("/session", guard(live), async (request, response) => {
    const { tokenId, expiresAt } = identityOf<Visitor>(request);
    await givenBack(live.tokens.revoke(tokenId, expiresAt));
    response.clearCookie(SESSION_COOKIE, cookie).json({ person: null } satisfies SessionAnswer);
  });

  return router;
}

function bare({ userId, name, role }: Person): Person {
  return { userId, name, role };
}
