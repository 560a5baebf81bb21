import { invalidOption } from "../base/check.ts";

/** The headers of a handshake, names in lower case. */
type HandshakeHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/;

/**
 * Reads the list of foreign origins that may connect.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for anything but scheme, host and port, such as `https://app.example.com`
 */
export function readOrigins(origins: unknown = []): ReadonlySet<string> {
  if (!Array.isArray(origins)) throw invalidOption("attach: origins", "a list of origins", origins);
  for (const origin of origins) {
    if (typeof origin !== "string" || !ORIGIN.test(origin)) {
      throw invalidOption(
        "attach: origins",
        'scheme, host and port in lower case, without a path, such as "https://app.example.com"',
        origin,
      );
    }
  }
  return new Set(origins);
}

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

function isSameHost(origin: string, host: unknown): boolean {
  if (typeof host !== "string" || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  // Parsed with the page's scheme, so that a default port that is spelled out does not count as another one.
  const asked = `${url.protocol}//${host}`;
  return url.host !== "" && URL.canParse(asked) && new URL(asked).host === url.host;
}
