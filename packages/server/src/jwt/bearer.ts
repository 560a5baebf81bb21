import type { IdentifyRequest } from "../base/identity.ts";
import { refused } from "./refusals.ts";

/** Longest token that is looked at, in characters. */
const MAX_TOKEN_LENGTH = 16_384;

/** The names under which tokens are put into addresses, where they do not belong. */
const IN_ADDRESS = ["access_token", "token", "auth_token", "id_token", "jwt"];

/** The scheme is read without regard to case (RFC 9110); the token is one word (RFC 6750). */
const BEARER = /^bearer +(\S+) *$/i;

/**
 * The token that a request presents: of `Authorization: Bearer`, or of a socket's `auth.token`; `undefined` when it presents none. A socket
 * that has both is asked about what it sent as `auth`, which it can renew.
 *
 * @throws LiveError `LIVE_BEARER_REFUSED` for a token in the address, which ends up in logs and histories, and for what cannot be a token
 */
export function bearerOf({ headers, url, auth }: IdentifyRequest): string | undefined {
  refuseAddress(url);
  const given = auth?.["token"];
  const token = given === undefined || given === null || given === "" ? ofHeader(headers) : given;
  if (token === undefined) return undefined;
  if (typeof token !== "string") throw refused("malformed", "auth.token is no text");
  const bare = token.startsWith("Bearer ") ? token.slice("Bearer ".length) : token;
  if (bare.length > MAX_TOKEN_LENGTH) {
    throw refused("malformed", `it is longer than ${MAX_TOKEN_LENGTH} characters`);
  }
  return bare;
}

function ofHeader(headers: IdentifyRequest["headers"]): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  if (typeof authorization !== "string") throw refused("malformed", "there is more than one Authorization");
  if (!/^bearer\b/i.test(authorization)) return undefined;
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw refused("malformed", 'expected "Authorization: Bearer <token>"');
  return token;
}

function refuseAddress(url: string): void {
  const at = url.indexOf("?");
  if (at < 0) return;
  for (const [name, value] of new URLSearchParams(url.slice(at + 1))) {
    if (IN_ADDRESS.includes(name.toLowerCase()) && looksLikeToken(value)) {
      throw refused(
        "query",
        `tokens do not belong into addresses ("${name}"), which are logged; send "Authorization: Bearer <token>"`,
      );
    }
  }
}

/** Three parts of base64url, so a `?token=` that means something else goes through. */
function looksLikeToken(value: string): boolean {
  return /^(?:Bearer )?[\w-]+\.[\w-]+\.[\w-]*$/.test(value);
}
