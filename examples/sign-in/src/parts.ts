import { Router } from "express";
import session from "express-session";
import { guard, identityOf, limited, sameOriginWrites } from "livecache/express";
import { signInLimits } from "livecache";
import { sessionSettings, signIn, signOut, signOutEverywhere } from "livecache/session";
import type { SessionCookie } from "livecache/session";
import { credentials, emailOf, form } from "./forms.ts";
import type { SignInLive, Who } from "./live.ts";
import type { People } from "./people.ts";

export interface PartsParts {
  readonly live: SignInLive;
  readonly people: People;
  readonly cookie: SessionCookie;
}

/** The parts inspection: sessions that outlive servers, for administrators. */
export function partsRoutes({ live, people, cookie }: PartsParts): Router {
  const router = Router();
  const onlyAdmins = guard(live, { roles: ["admin"] });
  router.use(sameOriginWrites(), session(sessionSettings(live, { ...cookie, idle: "8h" })));

  const trySignIn = form(credentials, async ({ email, password }, request, response) => {
    const person = await people.signIn(email, password);
    if (!person) {
      response.status(401).json({ message: "Wrong e-mail or password." });
      return;
    }
    await signIn(request, { userId: person.userId });
    response.json(person);
  });
  router.post("/sign-in", limited(live, signInLimits(emailOf)), trySignIn);

  router.get("/audits", onlyAdmins, (request, response) => {
    const { userId } = identityOf<Who>(request);
    response.json({ openedBy: userId, audits: [{ id: 1, line: "A", result: "passed" }] });
  });

  router.get("/sessions", onlyAdmins, async (request, response) => {
    const mine = await live.sessions.of(identityOf<Who>(request).userId);
    response.json(mine.map(({ id, ...times }) => ({ ...times, isThis: id === request.sessionID })));
  });

  router.post("/sign-out", async (request, response) => {
    await signOut(request);
    response.sendStatus(204);
  });

  router.post("/sign-out-everywhere", guard(live), async (request, response) => {
    const ended = await signOutEverywhere(live, identityOf<Who>(request).userId);
    response.json({ ended });
  });
  return router;
}
