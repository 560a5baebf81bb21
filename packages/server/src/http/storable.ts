import type { StoreCause } from "./causes.ts";
import type { CachedRoute } from "./cached-options.ts";
import { entityTag } from "./conditional.ts";
import { fieldMembers } from "./field-list.ts";
import type { Headers } from "./field-list.ts";
import type { StoredResponse } from "./stored-response.ts";

/** The head of a complete response. */
export interface ResponseHead {
  readonly status: number;
  /** Every header that would be sent. */
  readonly headers: Headers;
  /** The headers that stood there before the route ran: what outer middleware sets anew for each request. */
  readonly outer: Headers;
}

/**
 * Why a response may not be stored, or `undefined`. Stricter than RFC 9111 section 3, because this cache is shared by
 * everybody: `private` is not stored at all, and a response that sets a cookie is taken to be somebody's own.
 */
export function storeFault(head: ResponseHead, route: CachedRoute): StoreCause | undefined {
  if (head.status !== 200) return "status";
  if (head.headers["set-cookie"] !== undefined) return "set-cookie";
  // `private="x-field"` limits a single field; the whole response is refused all the same.
  const forbidden = fieldMembers(head.headers, "cache-control").some((directive) =>
    /^(?:no-store|private)(?:\s*=|$)/.test(directive),
  );
  if (forbidden) return "cache-control";
  return undeclaredVary(head, route) ? "vary" : undefined;
}

/** What outer middleware answers for by itself: it sees every request, hits included, and works on the finished response. */
const OUTER_ALONE: readonly string[] = ["origin", "accept-encoding"];

function undeclaredVary({ headers, outer }: ResponseHead, route: CachedRoute): boolean {
  const before = fieldMembers(outer, "vary");
  return fieldMembers(headers, "vary").some((name) => {
    const keyed = route.varyHeaders.includes(name);
    return !keyed && !(OUTER_ALONE.includes(name) && before.includes(name));
  });
}

/** Fields that belong to one connection or one answer (RFC 9111 section 3.1), or that are written anew for each answer. */
const NEVER_STORED: ReadonlySet<string> = new Set([
  "age",
  "cache-status",
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "live-position",
  "live-query",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * A complete response as it would be stored: with the headers that the route set or changed, none of outer middleware, and an
 * entity tag if it has none of its own.
 */
export function completeResponse(head: ResponseHead, body: Uint8Array): StoredResponse {
  const headers = ownHeaders(head);
  if (!headers.has("etag")) headers.set("etag", entityTag({ headers, body }));
  return { headers, body };
}

function ownHeaders({ headers, outer }: ResponseHead): Map<string, string | readonly string[]> {
  const named = fieldMembers(headers, "connection");
  const kept = new Map<string, string | readonly string[]>();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || NEVER_STORED.has(name) || named.includes(name)) continue;
    if (String(value) === String(outer[name])) continue;
    kept.set(name, typeof value === "number" ? String(value) : value);
  }
  return kept;
}
