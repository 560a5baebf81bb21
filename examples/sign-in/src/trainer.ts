import { randomBytes } from "node:crypto";
import { Router } from "express";
import { resetLimits, signInLimits } from "livecache";
import { limited } from "livecache/express";
import { credentials, emailOf, form, newPassword } from "./forms.ts";
import type { SignInLive } from "./live.ts";
import type { People } from "./people.ts";

export interface TrainerParts {
  readonly live: SignInLive;
  readonly people: People;
  /** Sends somebody the code for a new password. */
  readonly mail: (email: string, code: string) => void;
}

const CODE_LASTS_SECONDS = 900;

/** The personal trainer: an account that others try to get into. */
export function trainerRoutes({ live, people, mail }: TrainerParts): Router {
  const router = Router();
  const resets = resetLimits(emailOf);

  const trySignIn = form(credentials, async ({ email, password }, _request, response) => {
    const person = await people.signIn(email, password);
    response.status(person ? 200 : 401).json(person ?? { message: "Wrong e-mail or password." });
  });
  router.post("/sign-in", limited(live, signInLimits(emailOf)), trySignIn);

  const sendCode = form(credentials.pick({ email: true }), async ({ email }, _request, response) => {
    const person = people.byEmail(email);
    if (person) {
      const code = randomBytes(16).toString("base64url");
      await live.cache.set(`reset:${code}`, person.userId, { ttlSeconds: CODE_LASTS_SECONDS });
      mail(person.email, code);
    }
    // The same for an address that nobody has.
    response.status(202).json({ message: "If this account exists, a code is on its way." });
  });
  router.post("/reset", limited(live, resets), sendCode);

  const useCode = form(newPassword, async ({ password }, request, response) => {
    const key = `reset:${String(request.params["code"])}`;
    const userId = await live.cache.get<string>(key);
    if (userId === undefined) {
      response.status(410).json({ message: "This code is not valid any more." });
      return;
    }
    await live.cache.delete(key);
    await people.setPassword(userId, password);
    await Promise.all([live.tokens.revokeUser(userId), live.sessions.endAll(userId)]);
    response.sendStatus(204);
  });
  router.post("/reset/:code", limited(live, resets.limits[0]), useCode);
  return router;
}
