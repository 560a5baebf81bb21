import { SignJWT } from "jose";
import type { Shows } from "./guarded-site.ts";
import { USER } from "./guarded-site.ts";

/** Shared by who issues tokens and who reads them. */
export const TOKEN_SECRET = "3f9d1c7b52e84a06bd17c9e0f4a6d8b2-of-the-benchmark";

/** When the tokens of a run expire. */
export const expiresAtMs = (): number => Date.now() + 3_600_000;

/** A token of the benchmark's user, as a header. */
export async function tokenOf(jti: string): Promise<Shows> {
  const token = await new SignJWT({ roles: ["member"] })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(USER)
    .setJti(jti)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(Buffer.from(TOKEN_SECRET));
  return { authorization: `Bearer ${token}` };
}
