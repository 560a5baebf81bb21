import { isSameHost } from "../base/origin.ts";

/** The headers of a handshake, names in lower case. */
type HandshakeHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Whether a page of this origin may connect. A browser lets any page of any site open a socket and sends the user's cookies
 * along, so the server has to look: the page must be of the same host, or of a listed origin.
 *
 * A handshake without `Origin` is from a program, or from a page of the same host that is polling. A program may connect without a
 * cookie; with a cookie, only the browser's own word `Sec-Fetch-Site: same-origin` will do. No page can forge that header, so it
 * also settles the case of a proxy that has rewritten `Host`.
 */
export function isOriginAllowed(headers: HandshakeHeaders, origins: ReadonlySet<string>): boolean {
  if (headers["sec-fetch-site"] === "same-origin") return true;
  const { origin } = headers;
  if (origin === undefined) return headers["cookie"] === undefined;
  if (typeof origin !== "string") return false;
  return origins.has(origin) || isSameHost(origin, headers["host"]);
}
