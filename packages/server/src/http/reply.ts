import { POSITION_HEADER, QUERY_HEADER, formatPosition } from "@livecache/wire";
import type { Resolved } from "../cache/request.ts";
import { answeredStatus, sourceWord } from "./cache-status.ts";
import type { CachedRoute } from "./cached-route.ts";
import type { StoreCause } from "./causes.ts";
import { formTag, heldTag } from "./conditional.ts";
import { chooseForm } from "./content-coding.ts";
import { fieldMembers, fieldValue } from "./field-list.ts";
import type { Headers } from "./field-list.ts";
import type { StoredResponse } from "./stored-response.ts";
import { surrogateList } from "./surrogate.ts";

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
  /** 304, or the status that is stored. */
  readonly status: number;
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

/** Standing headers that a reply goes together with. Where none of them stands, it is the same for every request. */
export const MERGED: readonly string[] = [
  "vary",
  "cache-control",
  "cache-status",
  "surrogate-key",
  "cache-tag",
];

/** Writes the answer to one request from a response that was stored, joined or just loaded. */
export function replyTo(input: ReplyInput): Reply {
  const { request, resolved } = input;
  const { value: response } = resolved;
  const { coding, body } = chooseForm(response, request);
  const headers = headersOf(input);
  const held = response.status === 200 ? heldTag(request, response, coding) : undefined;
  if (held !== undefined) {
    for (const name of OF_THE_BODY) headers.delete(name);
    if (held !== "") headers.set("etag", held);
    return { status: 304, without: OF_THE_BODY, headers, body: undefined };
  }
  if (coding !== undefined) {
    headers.set("content-encoding", coding);
    headers.set("etag", formTag(response, coding));
  }
  headers.set("content-length", String(body.length));
  return { status: response.status, without: FRAMING, headers, body };
}

/** Everything that does not depend on the form of the body. */
function headersOf({ route, standing, resolved, cause, token }: ReplyInput) {
  const { value: response, position } = resolved;
  const headers = new Map(response.headers);
  const vary = varyOf(route, response, standing);
  if (vary !== "") headers.set("vary", vary);
  if (fieldValue(standing, "cache-control") === "" && !headers.has("cache-control")) {
    headers.set("cache-control", route.isPublic ? "public, no-cache" : "private, no-cache");
  }
  if (resolved.source !== "load") headers.set("age", String(Math.floor(resolved.ageMs / 1_000)));
  const status = answeredStatus(resolved, { route, cause });
  headers.set("cache-status", [fieldValue(standing, "cache-status"), status].filter(Boolean).join(", "));
  const { sourceHeader, surrogate } = route.outward;
  if (sourceHeader !== undefined) headers.set(sourceHeader, sourceWord(resolved));
  if (surrogate !== undefined && resolved.tags.length > 0) {
    const { value } = surrogateList(surrogate, resolved.tags);
    const before = fieldValue(Object.fromEntries(headers), surrogate) || fieldValue(standing, surrogate);
    headers.set(surrogate, [before, value].filter(Boolean).join(surrogate === "cache-tag" ? "," : " "));
  }
  if (position) headers.set(POSITION_HEADER.toLowerCase(), formatPosition(position));
  if (token !== undefined) headers.set(QUERY_HEADER.toLowerCase(), token);
  return headers;
}

function varyOf(route: CachedRoute, response: StoredResponse, standing: Headers): string {
  const varies = new Set([
    ...fieldMembers(standing, "vary"),
    ...fieldMembers(Object.fromEntries(response.headers), "vary"),
    ...route.varyHeaders,
  ]);
  if (response.coded !== undefined) varies.add("accept-encoding");
  return [...varies].join(", ");
}
