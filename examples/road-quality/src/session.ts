import { createSecretKey, hkdfSync, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { createTokenReader } from "livecache/jwt";
import type { IdentifyRequest } from "livecache";
import { z } from "zod";
import type { Person } from "./answers.ts";
import { ROLES } from "./vocabulary.ts";

export const SESSION_COOKIE = "roads_session";
export const SESSION_LASTS_SECONDS = 7 * 86_400;

const claims = z.object({ name: z.string(), role: z.enum(ROLES) });

/** Who presents a token, and what Livecache revokes it by. */
export type Visitor = Person & {
  readonly tokenId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
};

/** Issues and reads the tokens of this application. */
export interface Sessions {
  issue(person: Person): Promise<string>;
  /** Whose token a request presents: apps as bearer, sockets in `auth`, pages in their cookie. */
  read(request: IdentifyRequest): Promise<Visitor | undefined>;
}

/** Tokens are JSON Web Tokens, signed with a key drawn from the application's secret; every node with that secret accepts them. */
export function createSessions(secret: string): Sessions {
  const bytes = new Uint8Array(hkdfSync("sha256", secret, "", "road-quality session", 32));
  const reader = createTokenReader({ secret: bytes, audience: "road-quality" });
  return {
    issue: ({ userId, name, role }) =>
      new SignJWT({ name, role })
        .setProtectedHeader({ alg: "HS256" })
        .setJti(randomUUID())
        .setSubject(userId)
        .setAudience("road-quality")
        .setIssuedAt()
        .setExpirationTime(`${SESSION_LASTS_SECONDS}s`)
        .sign(createSecretKey(bytes)),
    async read(request) {
      // A bearer that is not accepted is refused aloud; a cookie that is no good any more is nobody's.
      const cookie = readCookie(request.headers["cookie"]);
      const token =
        (await reader.read(request)) ??
        (cookie ? await reader.verify(cookie).catch(() => undefined) : undefined);
      const { data } = claims.safeParse(token?.claims);
      if (!token || !data) return undefined;
      const { userId, tokenId, issuedAt = 0, expiresAt } = token.identity;
      return { userId, ...data, tokenId, issuedAt, expiresAt };
    },
  };
}

function readCookie(header: unknown): string | undefined {
  const prefix = `${SESSION_COOKIE}=`;
  const pair = String(header ?? "")
    .split(";")
    .find((part) => part.trim().startsWith(prefix));
  return pair?.trim().slice(prefix.length);
}
