import { invalidOption } from "./check.ts";

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/;

/**
 * Reads a list of origins that are to be believed besides the server's own.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for anything but scheme, host and port, such as `https://app.example.com`
 */
export function readOrigins(name: string, origins: unknown = []): ReadonlySet<string> {
  if (!Array.isArray(origins)) throw invalidOption(name, "a list of origins", origins);
  for (const origin of origins) {
    if (typeof origin !== "string" || !ORIGIN.test(origin)) {
      throw invalidOption(
        name,
        'scheme, host and port in lower case, without a path, such as "https://app.example.com"',
        origin,
      );
    }
  }
  return new Set(origins);
}

/** Whether a page of this origin is of the host that was asked. */
export function isSameHost(origin: string, host: unknown): boolean {
  if (typeof host !== "string" || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  // Parsed with the page's scheme, so that a default port that is spelled out does not count as another one.
  const asked = `${url.protocol}//${host}`;
  return url.host !== "" && URL.canParse(asked) && new URL(asked).host === url.host;
}
