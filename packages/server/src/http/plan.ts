import { identityDigest } from "../base/identity.ts";
import type { Identity } from "../base/identity.ts";
import type { CachedRoute } from "./cached-route.ts";
import type { BypassCause } from "./causes.ts";
import { fieldMembers, fieldValue } from "./field-list.ts";
import type { Headers } from "./field-list.ts";

/** A request, as plain values. */
export interface PlainRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
  /** Scheme and authority under which the application believes to be reached: `https://shop.example`. */
  readonly origin: string;
  /** By lower-case name. */
  readonly headers: Headers;
}

/** What becomes of a request: it goes past the cache, or is looked up. */
export type Plan = { readonly type: "bypass"; readonly cause: BypassCause } | Lookup;

/** A request that is looked up. */
export interface Lookup {
  readonly type: "lookup";
  readonly key: string;
  /** Stands for the identity fields that the route varies by. */
  readonly digest: string;
  readonly identity: Identity | undefined;
}

/**
 * Decides whether a request may be answered from the cache, and from which entry. Private by default: credentials, and
 * an identity however it was found, need a route that names how it varies or says that it is public. Only a route that is not
 * public asks who it is; the answer is then a promise, which rejects with what `identify` rejects with.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when an identity lacks a field that the route varies by
 */
export function planRequest(
  route: CachedRoute,
  request: PlainRequest,
  identify: () => Promise<Identity | undefined>,
): Plan | Promise<Plan> {
  const cause = bypassCause(route, request);
  if (cause) return { type: "bypass", cause };
  if (route.isPublic) return lookup(route, request, undefined);
  return identify().then((identity) => lookup(route, request, identity));
}

function bypassCause(route: CachedRoute, { method, headers }: PlainRequest): BypassCause | undefined {
  if (method !== "GET" && method !== "HEAD") return "method";
  if (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0)
    return "body";
  if (["range", "if-match", "if-unmodified-since"].some((name) => headers[name] !== undefined))
    return "range";
  const named = route.isPublic || route.identityFields.length > 0;
  if (!named && (headers["cookie"] !== undefined || headers["authorization"] !== undefined))
    return "credentials";
  return route.outward.obeysReload && asksReload(headers) ? "reload" : undefined;
}

function asksReload(headers: Headers): boolean {
  return fieldMembers(headers, "cache-control").some(
    (member) => member === "no-cache" || member === "no-store",
  );
}

function lookup(route: CachedRoute, request: PlainRequest, identity: Identity | undefined): Plan {
  const named = route.isPublic || route.identityFields.length > 0;
  if (identity && !named) return { type: "bypass", cause: "identity" };
  const digest = identityDigest(identity, route.identityFields);
  const { target, origin } = request;
  // Absent and empty headers differ for some handlers, so they do here.
  const headers = route.keyHeaders.map((name) =>
    request.headers[name] === undefined ? null : fieldValue(request.headers, name),
  );
  // No part of it contains a line break, and no header the sign for an absent one.
  let asked = `${target}\n${origin}\n${digest}`;
  for (const header of headers) asked += `\n${header ?? "\0"}`;
  const key = route.keys.keyOf(asked, () => ({ target, inputs: [origin.toLowerCase(), digest, headers] }));
  return key === undefined ? { type: "bypass", cause: "target" } : { type: "lookup", key, digest, identity };
}
