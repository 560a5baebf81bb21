import { LiveError, POSITION_HEADER } from "@livecache/wire";
import type { Fence } from "./fence.ts";

/** How the client speaks HTTP. */
export interface HttpParts {
  readonly base: () => URL;
  readonly fetch: typeof fetch | undefined;
  readonly headers: (() => HeadersInit | Promise<HeadersInit>) | undefined;
  readonly credentials: RequestCredentials | undefined;
  readonly fence: Fence;
}

/** Sends one request to the server the client belongs to. */
export type Http = (path: string, init?: RequestInit, send?: typeof fetch) => Promise<Response>;

/**
 * Makes the client's `fetch`: relative to the server, with the client's headers and credentials, and fenced: it presents the newest
 * position the client knows, and learns the one that the response carries. Both are text in the `Live-Position` header.
 */
export function createHttp({ base, fetch: given, headers, credentials, fence }: HttpParts): Http {
  return async (path, init = {}, send = given ?? globalThis.fetch) => {
    const url = sameServer(base(), path);
    const merged = new Headers(await headers?.());
    new Headers(init.headers).forEach((value, name) => merged.set(name, value));
    if (fence.text) merged.set(POSITION_HEADER, fence.text);
    const response = await send(url, { ...(credentials && { credentials }), ...init, headers: merged });
    fence.learn(response.headers.get(POSITION_HEADER));
    return response;
  };
}

/**
 * The server's address, from the option `url` or the page.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when neither gives an absolute address
 */
export function serverUrl(url: string | undefined): URL {
  try {
    return new URL(url ?? "/", globalThis.location?.href);
  } catch (cause) {
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      `url: expected an absolute address, received ${JSON.stringify(url)}.`,
      { cause },
    );
  }
}

/** The client's headers and positions are for its own server only. */
function sameServer(base: URL, path: string): URL {
  const url = new URL(path, base);
  if (url.origin === base.origin) return url;
  throw new LiveError(
    "LIVE_INPUT_INVALID",
    `path: expected one on ${base.origin}, received ${JSON.stringify(path)}.`,
  );
}
