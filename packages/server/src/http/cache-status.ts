import type { Resolved } from "../cache/request.ts";
import type { CachedRoute } from "./cached-route.ts";
import type { BypassCause, StoreCause } from "./causes.ts";

/** The name under which this cache appears in `Cache-Status`. */
const CACHE_NAME = "Livecache";

/**
 * The member that a cached route adds to `Cache-Status` (RFC 9211): whether it was a hit, for how many seconds it stays good,
 * and the reason from the closed list, with a cause behind a colon where there are several.
 */
export function answeredStatus(
  resolved: Omit<Resolved<unknown>, "value">,
  { route, cause }: { readonly route: CachedRoute; readonly cause: StoreCause | undefined },
): string {
  const { source, reason, ttlLeftMs, stored } = resolved;
  const isHit = source !== "load" && reason !== "joined";
  const parts = [CACHE_NAME, isHit ? "hit" : `fwd=${FORWARDED[reason] ?? missOf(route)}`];
  if (!isHit && stored) parts.push("stored");
  if (reason === "joined") parts.push("collapsed");
  if (ttlLeftMs > 0) parts.push(`ttl=${Math.floor(ttlLeftMs / 1_000)}`);
  parts.push(cause ? `detail=not-storable:${cause}` : `detail=${reason}`);
  return parts.join("; ");
}

/** `Cache-Status` of a response that left before it was complete; nothing is known yet of why it was not in the cache. */
export function passedStatus(route: CachedRoute, cause: StoreCause): string {
  return `${CACHE_NAME}; fwd=${missOf(route)}; detail=not-storable:${cause}`;
}

/** `Cache-Status` of a request that went past the cache. */
export function bypassedStatus(cause: BypassCause): string {
  return `${CACHE_NAME}; fwd=${cause === "method" ? "method" : "bypass"}; detail=bypass:${cause}`;
}

/** The word for people that stands in `X-Cache`, where a route asks for it. */
export function sourceWord({ source, reason }: Pick<Resolved<unknown>, "source" | "reason">): SourceWord {
  if (reason === "stale" || reason === "timeout" || reason === "grace") return "STALE";
  return source === "load" && reason !== "joined" ? "MISS" : "HIT";
}

/** `MISS`: the handler ran for this request. */
type SourceWord = "HIT" | "MISS" | "STALE";

/** What RFC 9211 section 2.2 calls the reasons that are no plain miss. */
const FORWARDED: Partial<Record<Resolved<unknown>["reason"], string>> = {
  changed: "stale",
  epoch: "stale",
  expired: "stale",
  refreshed: "stale",
  fenced: "request",
  evicted: "miss",
  schema: "miss",
  damaged: "miss",
};

/** The key holds the URL and what the response varies by, so a miss can be told from a `Vary` miss only without the latter. */
function missOf({ identityFields, keyHeaders }: CachedRoute): string {
  return identityFields.length + keyHeaders.length === 0 ? "uri-miss" : "miss";
}
