import { MAX_DURATION_MS } from "../base/duration.ts";
import type { StoreCause } from "./causes.ts";
import type { CachedRoute } from "./cached-route.ts";
import { entityTag } from "./conditional.ts";
import { fieldMembers, fieldValue } from "./field-list.ts";
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

/** Statuses that say that there is nothing, and are stored only where the route says for how long. */
const ABSENT: readonly number[] = [404, 410];

/** How long a complete response with this status is used at most; `undefined`: it is not stored. */
export function routeTtlMs({ ttlMs, absentTtlMs }: CachedRoute, status: number): number | undefined {
  if (status === 200) return ttlMs;
  return ABSENT.includes(status) ? absentTtlMs : undefined;
}

/**
 * Why a response may not be stored, or `undefined`. Stricter than RFC 9111 section 3, because this cache is shared by
 * everybody: `private` is not stored at all, `must-understand` does not lift `no-store`, and a response that sets a cookie is
 * taken to be somebody's own.
 */
export function storeFault(head: ResponseHead, route: CachedRoute): StoreCause | undefined {
  if (routeTtlMs(route, head.status) === undefined) return "status";
  if (head.headers["set-cookie"] !== undefined) return "set-cookie";
  // `private="x-field"` limits a single field; the whole response is refused all the same.
  const forbidden = fieldMembers(head.headers, "cache-control").some((directive) =>
    /^(?:no-store|private)(?:\s*=|$)/.test(directive),
  );
  if (forbidden || ownTtlMs(head) === 0) return "cache-control";
  return undeclaredVary(head, route) ? "vary" : undefined;
}

/** How long a response that may be stored is used: what the route says, or less if the handler's `Cache-Control` says so. */
export function storedTtlMs(head: ResponseHead, route: CachedRoute): number {
  return Math.min(routeTtlMs(route, head.status) ?? route.ttlMs, ownTtlMs(head) ?? Infinity);
}

/**
 * What the route itself says in `s-maxage`, or else in `max-age`; what outer middleware says of every response is meant for others.
 * `Expires` is not read: it is a date, told by one clock and compared by another.
 */
function ownTtlMs({ headers, outer }: ResponseHead): number | undefined {
  const own = fieldValue(headers, "cache-control");
  if (own === fieldValue(outer, "cache-control")) return undefined;
  const directives = fieldMembers(headers, "cache-control");
  return seconds(directives, "s-maxage") ?? seconds(directives, "max-age");
}

/** A number that cannot be read is taken for 0, as RFC 9111 section 4.2.1 advises: rather too old than too long. */
function seconds(directives: readonly string[], name: string): number | undefined {
  const found = directives.find((directive) => directive.split("=", 1)[0]!.trim() === name);
  if (found === undefined) return undefined;
  const text = found
    .slice(name.length)
    .replace(/^\s*=\s*/, "")
    .replaceAll('"', "");
  return /^\d+$/.test(text) ? Math.min(Number(text) * 1_000, MAX_DURATION_MS) : 0;
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
  return { status: head.status, headers, body };
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

const STREAM_TYPES = /^\s*(?:text\/event-stream|multipart\/x-mixed-replace)\b/i;

/** Why a response that is being written cannot be held back any longer, or `undefined`. */
export function holdFault(
  contentType: string,
  { bytes, maxBytes }: { readonly bytes: number; readonly maxBytes: number },
): StoreCause | undefined {
  if (bytes > maxBytes) return "too-large";
  return STREAM_TYPES.test(contentType) ? "streamed" : undefined;
}

/** Causes that the next response of the same route will most likely have, too. */
const LASTING: ReadonlySet<StoreCause> = new Set<StoreCause>([
  "set-cookie",
  "cache-control",
  "vary",
  "too-large",
  "streamed",
]);

/** Whether the next one will be no better, so that nobody need wait for it. An error is no reason to think so. */
export function isLasting(cause: StoreCause): boolean {
  return LASTING.has(cause);
}
