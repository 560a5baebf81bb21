/** Each time a cookie's end moves, its length in time may lose a millisecond to rounding. */
const TOLERANCE_MS = 1_000;
/** As long as it takes from when a cookie's end was reckoned until it is stored. */
const STORED_WITHIN_MS = 100;

/** What the cookie of a session says, in its JSON form; express-session and \@fastify/session write it alike. */
interface CookieJson {
  readonly originalMaxAge?: unknown;
  readonly expires?: unknown;
}

/** How long a session lives from now on, in milliseconds: the idle time, or what its cookie lives where that is less. */
export function lifeOf(session: object, idleMs: number, nowMs: number): number {
  const { cookie } = session as { cookie?: CookieJson };
  const { originalMaxAge, expires } = cookie ?? {};
  const until = expires instanceof Date || typeof expires === "string" ? new Date(expires).getTime() : NaN;
  const cookieMs = typeof originalMaxAge === "number" ? originalMaxAge : until - nowMs;
  return Number.isFinite(cookieMs) ? Math.min(idleMs, Math.ceil(cookieMs)) : idleMs;
}

/**
 * A stored cookie as a request sees it. Each use moves its end, which is not written each time: the end is told by when the session was
 * last in use.
 */
export function shownCookie(stored: unknown, seenAtMs: number): Record<string, unknown> {
  const cookie: Record<string, unknown> = isObject(stored)
    ? { ...stored }
    : { originalMaxAge: null, expires: null, path: "/", httpOnly: true };
  const { originalMaxAge, expires } = cookie as CookieJson;
  if (typeof originalMaxAge !== "number") return cookie;
  const untilMs = seenAtMs + originalMaxAge;
  const writtenMs = typeof expires === "string" ? Date.parse(expires) : NaN;
  if (!(Math.abs(untilMs - writtenMs) < STORED_WITHIN_MS))
    cookie["expires"] = new Date(untilMs).toISOString();
  return cookie;
}

/** Whether two cookies, as JSON, differ in nothing but when they end. */
export function isSameCookie(before: string | undefined, now: string): boolean {
  if (before === undefined) return false;
  const [left, right] = [before, now].map((json) => comparable(JSON.parse(json)));
  return left!.rest === right!.rest && isNear(left!.maxAge, right!.maxAge);
}

function isNear(left: unknown, right: unknown): boolean {
  if (typeof left !== "number" || typeof right !== "number") return left === right;
  return Math.abs(left - right) < TOLERANCE_MS;
}

function comparable(cookie: unknown): { rest: string; maxAge: unknown } {
  if (!isObject(cookie)) return { rest: JSON.stringify(cookie), maxAge: null };
  const { originalMaxAge = null, expires, originalExpires: _moves, ...rest } = cookie;
  const names = Object.keys(rest).filter((name) => rest[name] !== null && rest[name] !== undefined);
  // An end that does not move with use is part of what the cookie says.
  const end = originalMaxAge === null ? (expires ?? null) : null;
  return {
    rest: JSON.stringify([names.sort().map((name) => [name, rest[name]]), end]),
    maxAge: originalMaxAge,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
