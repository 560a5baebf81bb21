import { createHash } from "node:crypto";
import { LiveError } from "@livecache/wire";

/** First part of every key of an HTTP response. */
const ROOT = "http";

/** Path segments that are parts of the key; with root, rest, query and inputs they make the 16 parts of a key. */
const MAX_SEGMENTS = 12;

/** Characters of path that stand in a key as they are; what lies beyond is hashed. */
const MAX_PATH_CHARS = 300;

/** Characters of query that stand in a key as they are; a longer one is hashed. */
const MAX_QUERY_CHARS = 100;

/** What tells one cached response from another. */
export interface KeyInput {
  /** Path and query as received: `/api/audits?page=2`. */
  readonly target: string;
  /** Everything else the response is chosen by: origin, identity, headers, in an order that is always the same. */
  readonly inputs: readonly unknown[];
}

/**
 * The key of a response: `http:api:audits:?page=2:<digest of the inputs>`.
 *
 * Path segments are decoded and encoded again, so that every spelling of one path has one key and no two paths share one:
 * `/a%2Fb` is one segment, `/a/b` are two. The query is keyed in full. Parameters are sorted by name; those of one name, or
 * of one name with brackets, keep their order. Very long or deep targets are hashed from where they no longer fit.
 *
 * `undefined` for a target that is no path (`*`, `http://...`) or is badly percent-encoded: it has no key.
 */
export function requestKey({ target, inputs }: KeyInput): string | undefined {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark + 1);
  try {
    return `${pathKey(path)}:?${queryKey(query)}:${digest(JSON.stringify(inputs)).slice(0, 22)}`;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/**
 * The tag under which every cached response at and below a path lies, whatever its query, origin, identity and headers:
 * `change({ tags: [pathTag("/api/audits")] })` forgets `/api/audits?page=2` and `/api/audits/7`. Paths are compared as they
 * are written, case and trailing slash included; tags of your own do not depend on spelling.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` for anything but a well encoded path that starts with `/` and has no query
 */
export function pathTag(path: string): string {
  try {
    if (!path.includes("?")) return pathKey(path);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
  }
  throw new LiveError(
    "LIVE_INPUT_INVALID",
    `pathTag: expected a path such as "/api/audits" without a query, received ${JSON.stringify(path)}.`,
  );
}

/** @throws URIError when this is no path, or badly encoded */
function pathKey(path: string): string {
  if (!path.startsWith("/")) throw new URIError("no path");
  const segments = path === "/" ? [] : path.slice(1).split("/").map(canonical);
  let kept = 0;
  let length = 0;
  while (kept < segments.length && kept < MAX_SEGMENTS) {
    length += segments[kept]!.length + 1;
    if (length > MAX_PATH_CHARS) break;
    kept++;
  }
  const parts = [ROOT, ...segments.slice(0, kept)];
  if (kept < segments.length) parts.push(hashed(segments.slice(kept).join("/")));
  return parts.join(":");
}

/** @throws URIError when it is badly encoded */
function queryKey(query: string): string {
  const params = query
    .split("&")
    .filter((piece) => piece !== "")
    .map((piece) => {
      const [name = "", ...value] = piece.replaceAll("+", "%20").split("=").map(canonical);
      return { base: name.split("%5B", 1)[0]!, text: [name, ...value].join("=") };
    });
  params.sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0));
  const text = params.map((param) => param.text).join("&");
  return text.length <= MAX_QUERY_CHARS ? text : hashed(text);
}

/** The one spelling of a piece of URL; it never contains `:`, `/`, `?`, `#`, `&`, `=`, `*` or a control character. */
function canonical(piece: string): string {
  return encodeURIComponent(decodeURIComponent(piece)).replaceAll("*", "%2A");
}

/** Starts with a sign that no canonical spelling contains, so that a hash is never taken for a name. */
function hashed(text: string): string {
  return `#${digest(text)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
