import { POSITION_HEADER, QUERY_HEADER, formatPosition } from "@livecache/wire";
import type { Resolved } from "../cache/request.ts";
import { answeredStatus } from "./cache-status.ts";
import type { CachedRoute } from "./cached-options.ts";
import type { StoreCause } from "./causes.ts";
import { isHeldByClient } from "./conditional.ts";
import { fieldMembers, fieldValue } from "./field-list.ts";
import type { Headers } from "./field-list.ts";
import type { StoredResponse } from "./stored-response.ts";

/** What a reply is made of. */
export interface ReplyInput {
  readonly route: CachedRoute;
  /** Headers of the request. */
  readonly request: Headers;
  /** Headers that stand on the response already: those of outer middleware. */
  readonly standing: Headers;
  readonly resolved: Resolved<StoredResponse>;
  /** Why this response was not stored, if it was loaded by this request and may not be. */
  readonly cause: StoreCause | undefined;
  /** The live-query token, if the response can be watched. */
  readonly token: string | undefined;
}

/** An answer from the cache, ready to be written over the standing headers. */
export interface Reply {
  readonly status: 200 | 304;
  /** Standing headers to take away first. */
  readonly without: readonly string[];
  readonly headers: ReadonlyMap<string, string | readonly string[]>;
  /** Absent for 304. A HEAD request gets the headers only. */
  readonly body: Uint8Array | undefined;
}

/** Fields that describe a body, and are left out where there is none (RFC 9110 section 15.4.5). */
const OF_THE_BODY: readonly string[] = [
  "content-type",
  "content-encoding",
  "content-language",
  "content-length",
  "transfer-encoding",
];

/** How a handler wanted its body sent; it is sent in one piece instead. */
const FRAMING: readonly string[] = ["transfer-encoding"];

/** Writes the answer to one request from a response that was stored, joined or just loaded. */
export function replyTo(input: ReplyInput): Reply {
  const { route, request, standing, resolved, cause, token } = input;
  const { value: response, position } = resolved;
  const headers = new Map(response.headers);
  const varies = new Set([
    ...fieldMembers(standing, "vary"),
    ...fieldMembers(Object.fromEntries(response.headers), "vary"),
    ...route.varyHeaders,
  ]);
  if (varies.size > 0) headers.set("vary", [...varies].join(", "));
  if (fieldValue(standing, "cache-control") === "" && !headers.has("cache-control")) {
    headers.set("cache-control", route.isPublic ? "public, no-cache" : "private, no-cache");
  }
  if (resolved.source !== "load") headers.set("age", String(Math.floor(resolved.ageMs / 1_000)));
  const status = answeredStatus(resolved, { route, cause });
  headers.set("cache-status", [fieldValue(standing, "cache-status"), status].filter(Boolean).join(", "));
  if (position) headers.set(POSITION_HEADER.toLowerCase(), formatPosition(position));
  if (token !== undefined) headers.set(QUERY_HEADER.toLowerCase(), token);
  if (isHeldByClient(request, response)) {
    for (const name of OF_THE_BODY) headers.delete(name);
    return { status: 304, without: OF_THE_BODY, headers, body: undefined };
  }
  headers.set("content-length", String(response.body.length));
  return { status: 200, without: FRAMING, headers, body: response.body };
}
