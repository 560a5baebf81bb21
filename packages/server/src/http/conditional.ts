import { createHash } from "node:crypto";
import type { Coding } from "./codings.ts";
import { fieldValue } from "./field-list.ts";
import type { Headers } from "./field-list.ts";
import type { StoredResponse } from "./stored-response.ts";

/**
 * A strong entity tag (RFC 9110 section 8.8.3): equal exactly for equal bytes of the same type and encoding.
 */
export function entityTag({ headers, body }: Pick<StoredResponse, "headers" | "body">): string {
  const hash = createHash("sha256");
  for (const name of ["content-type", "content-encoding", "content-language"]) {
    hash.update(`${String(headers.get(name) ?? "")}\n`);
  }
  return `"${hash.update(body).digest("base64url").slice(0, 27)}"`;
}

/** The entity tag of one form of a response: other bytes have another tag, so a compressed form adds its coding. */
export function formTag({ headers }: StoredResponse, coding: Coding | undefined): string {
  const own = String(headers.get("etag") ?? "");
  return coding === undefined || !own.endsWith('"') ? own : `${own.slice(0, -1)}-${coding}"`;
}

/**
 * The entity tag of the form that the client holds already, so that 304 is the answer (RFC 9110 section 13.2.2), or `undefined`.
 * `If-None-Match` is compared weakly, with the tags of all forms, because whoever holds one needs no other; without it
 * `If-Modified-Since`. `chosen` is the form that would be sent.
 */
export function heldTag(
  request: Headers,
  response: StoredResponse,
  chosen: Coding | undefined,
): string | undefined {
  if (request["if-none-match"] !== undefined) {
    const wanted = fieldValue(request, "if-none-match").trim();
    const tags = [chosen, undefined, ...(response.coded?.keys() ?? [])].map((form) =>
      formTag(response, form),
    );
    if (wanted === "*") return tags[0];
    const listed = listedTags(wanted);
    return tags.find((tag) => listed.includes(opaqueTag(tag) ?? ""));
  }
  const since = fieldValue(request, "if-modified-since");
  if (since === "") return undefined;
  const modified = Date.parse(String(response.headers.get("last-modified") ?? ""));
  return modified <= Date.parse(since) ? formTag(response, chosen) : undefined;
}

const ENTITY_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** The tags of a list without their weakness mark; a tag may contain commas. */
function listedTags(list: string): string[] {
  return Array.from(list.matchAll(ENTITY_TAG), (match) => match[1]!);
}

function opaqueTag(tag: string): string | undefined {
  return listedTags(tag)[0];
}
