import type { SessionCookie } from "livecache/session";
import type { Role } from "./vocabulary.ts";

declare module "express-session" {
  interface SessionData {
    /** Absent before anybody has signed in; so are the others. */
    userId?: string;
    name?: string;
    role?: Role;
  }
}

/** A session ends after a shift without use, and after a week in any case. */
export const SESSION_LIFE = { idle: "8h", absolute: "7d" } as const;

/** The cookie that carries a session. In production it is set over TLS only. */
export function sessionCookie(secret: string): SessionCookie {
  return { secret, name: "parts_session", plainHttp: process.env["NODE_ENV"] !== "production" };
}
