import type { Headers } from "../http/field-list.ts";

/** Fields that are written anew for each answer, by Node or by the lane. */
const WRITTEN_ANEW: ReadonlySet<string> = new Set([
  ...["date", "connection", "keep-alive", "content-length", "transfer-encoding"],
  ...["cache-status", "live-position", "live-query", "age", "etag"],
]);

/**
 * The headers of an answer that can be repeated: those of the application's own middleware. `undefined`: one of them is for this
 * answer alone, so nothing can be repeated.
 */
export function standingOf(headers: Headers): Record<string, string | readonly string[]> | undefined {
  if (headers["set-cookie"] !== undefined) return undefined;
  const kept: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || WRITTEN_ANEW.has(name)) continue;
    kept[name] = typeof value === "number" ? String(value) : value;
  }
  return kept;
}
