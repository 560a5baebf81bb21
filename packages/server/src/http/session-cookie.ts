import { parseCookie } from "cookie";
import { sign, unsign } from "cookie-signature";
import { invalidOption } from "../base/check.ts";
import type { Sessions, StoredSession } from "../sessions/session-api.ts";
import { readSecrets } from "./session-secrets.ts";

/** The cookie that carries the signed id of a session. */
export interface SessionCookie {
  /** At least 32 characters, the same on every node. A list rotates: the first signs, all verify. */
  readonly secret: string | readonly string[];
  /** Default: `__Host-session`, which no other host and no other path can set; with `plainHttp`, `session`. */
  readonly name?: string;
  /** The server is asked without TLS: for development only. Default `false`. */
  readonly plainHttp?: boolean;
}

/** Header names in lower case. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A name as RFC 6265 has it. */
const NAME = /^[!#$%&'*+\-.^_`|~\w]{1,100}$/;

/** How express-session marks a signed value. */
export const SIGNED_MARK = "s:";

/**
 * The name of the cookie.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`, also for a name that browsers accept over TLS only, without TLS
 */
export function cookieName(what: string, { name, plainHttp = false }: Omit<SessionCookie, "secret">): string {
  if (typeof plainHttp !== "boolean") throw invalidOption(`${what}: plainHttp`, "true or false", plainHttp);
  if (name === undefined) return plainHttp ? "session" : "__Host-session";
  if (typeof name !== "string" || !NAME.test(name)) {
    throw invalidOption(`${what}: name`, "a cookie name of at most 100 letters, digits and signs", name);
  }
  if (plainHttp && /^__(host|secure)-/i.test(name)) {
    throw invalidOption(`${what}: name`, "a name without __Host- or __Secure-, which need TLS", name);
  }
  return name;
}

/**
 * The id of the session that a request or a handshake presents; `undefined` when its cookie is missing or its signature is wrong.
 *
 * It is `undefined` as well when there are several such cookies with different values: one of them was tossed there by another host of
 * the same domain, and nobody can say which.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function sessionIdOf(headers: Headers, cookie: SessionCookie): string | undefined {
  const name = cookieName("sessionIdOf", cookie);
  const secrets = readSecrets("sessionIdOf: secret", cookie.secret);
  const [value, ...others] = cookieValues(headers["cookie"], name);
  if (value === undefined || others.length > 0 || !value.startsWith(SIGNED_MARK)) return undefined;
  return unsignWith(secrets, value.slice(SIGNED_MARK.length));
}

/** Signs and reads signed values; the shape is that of `@fastify/cookie`. */
export interface CookieSigner {
  sign(value: string): string;
  unsign(signed: string): { valid: boolean; renew: boolean; value: string | null };
}

/** Signs with the first of the secrets, and believes all of them. */
export function createSigner(secrets: readonly string[]): CookieSigner {
  return {
    sign: (value) => sign(value, secrets[0]!),
    unsign(signed) {
      const value = unsignWith(secrets, signed);
      return { valid: value !== undefined, renew: false, value: value ?? null };
    },
  };
}

function unsignWith(secrets: readonly string[], signed: string): string | undefined {
  for (const secret of secrets) {
    const value = unsign(signed, secret);
    if (value !== false) return value;
  }
  return undefined;
}

/**
 * The session that a request or a handshake presents, for `identify`: `readSession(known.sessions, request.headers, { secret })`.
 * `undefined` when there is none. Changes nothing, and is no use of the session.
 *
 * Rejects while the ground is away, unless this node has read the session within 60 s: that is no reason to call a user signed out.
 */
export async function readSession(
  sessions: Pick<Sessions, "read">,
  headers: Headers,
  cookie: SessionCookie,
): Promise<StoredSession | undefined> {
  const id = sessionIdOf(headers, cookie);
  return id === undefined ? undefined : sessions.read(id);
}

/**
 * Takes cookies of one name out of a request that has several with different values, so that whoever parses it does not pick one of
 * them. Other requests stay as they are.
 */
export function dropTossedCookies(headers: { cookie?: string | undefined }, name: string): void {
  const { cookie } = headers;
  if (cookie === undefined || cookieValues(cookie, name).length < 2) return;
  const others = cookie.split(";").filter((pair) => valueOf(pair, name) === undefined);
  headers.cookie = others.join(";").trim();
}

/** The different values of all cookies of one name. */
function cookieValues(header: string | readonly string[] | undefined, name: string): readonly string[] {
  const text = typeof header === "string" ? header : (header ?? []).join(";");
  if (!text.includes(name)) return [];
  const found = text.split(";").map((pair) => valueOf(pair, name));
  return [...new Set(found.filter((value) => value !== undefined))];
}

function valueOf(pair: string, name: string): string | undefined {
  return parseCookie(pair)[name];
}
