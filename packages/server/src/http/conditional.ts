import { createHash } from "node:crypto";
import { fieldValue } from "./field-list.ts";
import type { Headers } from "./field-list.ts";
import type { StoredResponse } from "./stored-response.ts";

/**
 * A strong entity tag (RFC 9110 section 8.8.3): equal exactly for equal bytes of the same type and encoding.
 */
export function entityTag({ headers, body }: StoredResponse): string {
  const hash = createHash("sha256");
  for (const name of ["content-type", "content-encoding", "content-language"]) {
    hash.update(`${String(headers.get(name) ?? "")}\n`);
  }
  return `"${hash.update(body).digest("base64url").slice(0, 27)}"`;
}

/**
 * Whether the client holds this response already, so that 304 is the answer (RFC 9110 section 13.2.2): `If-None-Match`,
 * compared weakly, or without it `If-Modified-Since`.
 */
export function isHeldByClient(request: Headers, { headers }: StoredResponse): boolean {
  if (request["if-none-match"] !== undefined) {
    const wanted = fieldValue(request, "if-none-match").trim();
    if (wanted === "*") return true;
    const own = opaqueTag(String(headers.get("etag") ?? ""));
    return own !== undefined && listedTags(wanted).includes(own);
  }
  const since = Date.parse(fieldValue(request, "if-modified-since"));
  const modified = Date.parse(String(headers.get("last-modified") ?? ""));
  return modified <= since;
}

const ENTITY_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** The tags of a list without their weakness mark; a tag may contain commas. */
function listedTags(list: string): string[] {
  return Array.from(list.matchAll(ENTITY_TAG), (match) => match[1]!);
}

function opaqueTag(tag: string): string | undefined {
  return listedTags(tag)[0];
}
