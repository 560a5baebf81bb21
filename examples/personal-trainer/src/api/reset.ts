import { randomBytes } from "node:crypto";
import { Router } from "express";
import { Problem } from "example-kit/problem";
import { emailOf, givenBack } from "example-kit/signing-in";
import { defineKey, resetLimits } from "livecache";
import { limited } from "livecache/express";
import type { AppParts } from "../app-parts.ts";
import { findIdByEmail, setPassword } from "../store/people.ts";
import { newPassword, resetRequest } from "./forms.ts";

const RESET = defineKey("reset:{code}").holding<string>();
const CODE_LASTS_SECONDS = 900;

/** A new password for whoever has lost theirs, by a code that is sent to their address. */
export function resetRoutes({ db, live, mail }: AppParts): Router {
  const router = Router();
  const limits = resetLimits(emailOf);

  router.post("/reset", limited(live, limits), async (request, response) => {
    const { email } = resetRequest.parse(request.body);
    const userId = await findIdByEmail(db, email);
    if (userId !== undefined) {
      const code = randomBytes(16).toString("base64url");
      await live.cache.set(RESET.key({ code }), userId, { ttlSeconds: CODE_LASTS_SECONDS });
      mail(email, code);
    }
    // The same for an address that nobody has.
    response.status(202).json({ message: "If this account exists, a code is on its way." });
  });

  router.post("/reset/:code", limited(live, limits.limits[0]), async (request, response) => {
    const { password } = newPassword.parse(request.body);
    const key = RESET.key({ code: request.params.code.slice(0, 100) });
    const userId = await live.cache.get(key);
    if (userId === undefined) throw new Problem(410, "Too late", "This code is not valid any more.");
    await live.cache.delete(key);
    await setPassword(db, userId, password);
    await givenBack(live.tokens.revokeUser(userId));
    response.json({ message: "Your new password is set. Sign in with it." });
  });

  return router;
}
