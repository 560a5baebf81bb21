import { hkdfSync, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { Identity, IdentifyRequest } from "livecache";
import { createTokenReader } from "livecache/jwt";
import type { Role } from "./vocabulary.ts";

export const SESSION_COOKIE = "trainer_session";
export const SESSION_LASTS_SECONDS = 7 * 86_400;

/** Who asks. */
export interface Visitor extends Identity {
  readonly role: Role;
  /** What `live.tokens.revoke` takes. */
  readonly tokenId: string;
  readonly expiresAt: number;
}

/** Writes and reads the signed session that the cookie carries. */
export interface Sessions {
  write(person: { readonly userId: string; readonly role: Role }): Promise<string>;
  /** Who presents a session that is neither forged nor expired. Whether it was given back is what `live.tokens` knows. */
  read(request: Pick<IdentifyRequest, "headers">): Promise<Visitor | undefined>;
}

/** Sessions are JSON Web Tokens, signed with a key drawn from the application's secret: they outlive every restart. */
export function createSessions(secret: string): Sessions {
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "personal-trainer session", 32));
  const tokens = createTokenReader({ secret: key });
  return {
    write: ({ userId, role }) =>
      new SignJWT({ role })
        .setProtectedHeader({ alg: "HS256" })
        .setJti(randomUUID())
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(`${SESSION_LASTS_SECONDS}s`)
        .sign(key),
    async read({ headers }) {
      const token = readCookie(headers["cookie"]);
      // Somebody with an old cookie is nobody in particular, and can sign in again.
      const verified = token ? await tokens.verify(token).catch(() => undefined) : undefined;
      return verified && { ...verified.identity, role: verified.claims["role"] as Role };
    },
  };
}

function readCookie(header: unknown): string | undefined {
  if (typeof header !== "string") return undefined;
  const prefix = `${SESSION_COOKIE}=`;
  const pair = header.split(";").find((part) => part.trim().startsWith(prefix));
  return pair?.trim().slice(prefix.length);
}
