import { createSecretKey, hkdfSync, randomUUID } from "node:crypto";
import { SignJWT, jwtVerify } from "jose";
import { z } from "zod";
import type { Person } from "./answers.ts";
import { ROLES } from "./vocabulary.ts";

export const SESSION_COOKIE = "hostel_session";
export const SESSION_LASTS_SECONDS = 7 * 86_400;

const ALGORITHM = "HS256";
const claims = z.object({
  jti: z.string(),
  sub: z.string(),
  iat: z.number(),
  exp: z.number(),
  name: z.string(),
  role: z.enum(ROLES),
  hostelId: z.string().nullable(),
});

/** Who presents a session, and what Livecache revokes it by. */
export interface Visitor extends Person {
  readonly tokenId: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Writes and reads the signed session that the cookie carries. */
export interface Sessions {
  write(person: Person): Promise<string>;
  /**
   * The person of a request with these headers; `undefined` for a session that is missing, forged or expired. Whether it was given back is not
   * asked here.
   */
  read(headers: Readonly<Record<string, unknown>>): Promise<Visitor | undefined>;
}

/**
 * Sessions are JSON Web Tokens, signed with a key drawn from the application's secret: they outlive every restart, also of a node that has no
 * Redis. Those that were given back are what `live.tokens` knows.
 */
export function createSessions(secret: string): Sessions {
  const key = createSecretKey(new Uint8Array(hkdfSync("sha256", secret, "", "hostel-issues session", 32)));
  // The guard and Livecache both ask who a request is from; the signature is verified for the first of them.
  const known = new WeakMap<object, Promise<Visitor | undefined>>();

  async function verify(token: string | undefined): Promise<Visitor | undefined> {
    if (!token) return undefined;
    const verified = await jwtVerify(token, key, { algorithms: [ALGORITHM] }).catch(() => undefined);
    const { data } = claims.safeParse(verified?.payload);
    if (!data) return undefined;
    const { jti, sub, iat, exp, ...person } = data;
    return { userId: sub, ...person, tokenId: jti, issuedAt: iat * 1_000, expiresAt: exp * 1_000 };
  }

  return {
    write: ({ userId, name, role, hostelId }) =>
      new SignJWT({ name, role, hostelId })
        .setProtectedHeader({ alg: ALGORITHM })
        .setJti(randomUUID())
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(`${SESSION_LASTS_SECONDS}s`)
        .sign(key),
    read(headers) {
      const person = known.get(headers) ?? verify(readCookie(headers["cookie"]));
      known.set(headers, person);
      return person;
    },
  };
}

function readCookie(header: unknown): string | undefined {
  if (typeof header !== "string") return undefined;
  const prefix = `${SESSION_COOKIE}=`;
  const pair = header.split(";").find((part) => part.trim().startsWith(prefix));
  return pair?.trim().slice(prefix.length);
}
