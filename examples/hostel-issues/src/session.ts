import { createSecretKey, hkdfSync } from "node:crypto";
import { SignJWT, jwtVerify } from "jose";
import { z } from "zod";
import type { Person } from "./answers.ts";
import { ROLES } from "./vocabulary.ts";

export const SESSION_COOKIE = "hostel_session";
export const SESSION_LASTS_SECONDS = 7 * 86_400;

const ALGORITHM = "HS256";
const claims = z.object({
  sub: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  hostelId: z.string().nullable(),
});

/** Writes and reads the signed session that the cookie carries. */
export interface Sessions {
  write(person: Person): Promise<string>;
  /** The person of a request with these headers; `undefined` for a session that is missing, forged or expired. */
  read(headers: Readonly<Record<string, unknown>>): Promise<Person | undefined>;
}

/** Sessions are JSON Web Tokens, signed with a key drawn from the application's secret. */
export function createSessions(secret: string): Sessions {
  const key = createSecretKey(new Uint8Array(hkdfSync("sha256", secret, "", "hostel-issues session", 32)));
  // The guard and Livecache both ask who a request is from; the signature is verified for the first of them.
  const known = new WeakMap<object, Promise<Person | undefined>>();

  async function verify(token: string | undefined): Promise<Person | undefined> {
    if (!token) return undefined;
    const verified = await jwtVerify(token, key, { algorithms: [ALGORITHM] }).catch(() => undefined);
    const { data } = claims.safeParse(verified?.payload);
    return data && { userId: data.sub, name: data.name, role: data.role, hostelId: data.hostelId };
  }

  return {
    write: ({ userId, name, role, hostelId }) =>
      new SignJWT({ name, role, hostelId })
        .setProtectedHeader({ alg: ALGORITHM })
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
