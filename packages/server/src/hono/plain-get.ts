import type { Context } from "hono";

const CONDITIONS: readonly string[] = ["if-none-match", "if-modified-since"];

/**
 * Shows a handler a plain, unconditional GET, so that it makes the whole response whatever was asked: HEAD and revalidation are
 * answered from that. The answer shows the request as it was again.
 */
export function presentAsPlainGet({ req }: Context): () => void {
  const { raw } = req;
  if (raw.method === "GET" && CONDITIONS.every((name) => !raw.headers.has(name))) return () => undefined;
  req.raw = plainGet(raw, { signal: raw.signal });
  return () => void (req.raw = raw);
}

/** The same request as a GET without conditions. */
export function plainGet({ url, headers }: Request, init: RequestInit = {}): Request {
  const kept = new Headers(headers);
  for (const name of CONDITIONS) kept.delete(name);
  return new Request(url, { ...init, headers: kept });
}
