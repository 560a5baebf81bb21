import { reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Reason } from "../base/reasons.ts";
import { missOf, readFar } from "./far.ts";
import type { Found, Miss } from "./far.ts";
import type { FillParts } from "./fill-order.ts";
import { useOf } from "./freshness.ts";
import type { Use } from "./freshness.ts";
import type { Pauses } from "./pauses.ts";
import { PLAIN_FRESHNESS } from "./request.ts";
import type { FindRequest, Previous, Resolved } from "./request.ts";

/** What reading needs: the parts of filling, the request's fence, and what is not to be tried again. */
export interface ReadParts extends FillParts {
  readonly fence: () => Position | undefined;
  /** Keys whose refresh has lately failed, or is somebody else's. */
  readonly restedRefreshes: Pauses;
}

/** What looking into memory and the ground came to. */
export type Look<T> =
  /** `found` may be answered now; `use` says whether it is to be loaded anew. */
  | { readonly type: "answer"; readonly found: Found<T>; readonly use: Exclude<Use, "reserve" | "none"> }
  | { readonly type: "away"; readonly resolved: Resolved<T> }
  /** Nothing may be answered now; `reserve` may be, when the load fails or takes too long. */
  | { readonly type: "load"; readonly miss: Miss<T>; readonly reserve: Found<T> | undefined };

/** Looks into this node's memory, then into the ground. `request.fence` is final. */
export async function look<T>(parts: ReadParts, request: FindRequest<T>): Promise<Look<T>> {
  const { freshness = PLAIN_FRESHNESS } = request;
  const isFresh = freshness.consistency === "fresh";
  const kept = isFresh ? undefined : lookAway<T>(parts, request);
  if (kept) return { type: "away", resolved: kept };
  const near = isFresh ? undefined : lookNear<T>(parts, request);
  const nearUse = near && useOf(near, freshness, request.fence);
  if (isAnswer(nearUse)) return { type: "answer", found: near!, use: nearUse };
  const far = await readFar(parts, request);
  if (!("value" in far)) {
    const reserve = nearUse === "reserve" && !VOIDING.has(far.reason) ? near : undefined;
    return { type: "load", miss: far, reserve };
  }
  const use = useOf(far, freshness, request.fence);
  if (isAnswer(use)) return { type: "answer", found: far, use };
  const miss = { ...missOf(reasonOf(far, request.fence), far.id), previous: () => previousOf(far) };
  return { type: "load", miss, reserve: use === "reserve" ? far : undefined };
}

function isAnswer(use: Use | undefined): use is Exclude<Use, "reserve" | "none"> {
  return use === "current" || use === "due" || use === "stale";
}

/** Reasons for which a value of this node's memory is no better than the ground's. */
const VOIDING: ReadonlySet<Reason> = new Set<Reason>(["changed", "epoch", "schema", "damaged"]);

/** Why a value that was found has to be loaded. */
function reasonOf({ isMoved, position }: Found<unknown>, fence: Position | undefined): Reason {
  if (!isMoved) return "expired";
  return fence && !reaches(position, fence) ? "fenced" : "changed";
}

/** A found value as its loader sees it. */
export function previousOf<T>({ value, ageMs, isMoved, ttlLeftMs }: Found<T>): Previous<T> {
  const unmoved = ttlLeftMs > 0 ? "refreshed" : "expired";
  return { value, ageMs, reason: isMoved ? "stale" : unmoved };
}

function lookNear<T>(
  { usable, view, clock }: ReadParts,
  { key, fence }: FindRequest<T>,
): Found<T> | undefined {
  if (!usable()) return undefined;
  const near = view.consult(key, fence);
  if (!near) return undefined;
  const { entry, isMoved } = near;
  const nowMs = clock.now();
  return {
    value: entry.value as T,
    id: entry.id,
    source: "near",
    tags: entry.tags,
    position: entry.position,
    ttlMs: entry.ttlMs,
    ttlLeftMs: entry.freshUntilMs - nowMs,
    isMoved,
    ageMs: nowMs - entry.loadedAtMs,
    counters: entry.counters,
  };
}

/** What this node loaded while the ground was away, and is still. */
function lookAway<T>(
  { usable, away, clock }: ReadParts,
  { key, fence }: FindRequest<T>,
): Resolved<T> | undefined {
  if (usable()) return undefined;
  const entry = away.get(key);
  if (!entry || (fence && !(entry.position && reaches(entry.position, fence)))) return undefined;
  const { value, tags, position } = entry;
  const ageMs = clock.now() - entry.loadedAtMs;
  const rest = { source: "near", reason: "ground-away", stored: false } as const;
  return { ...rest, value: value as T, position, tags, ttlLeftMs: entry.ttlMs - ageMs, ageMs };
}

/** A found value as an answer. */
export function answerOf<T>(found: Found<T>, reason: Reason): Resolved<T> {
  const { value, source, tags, position, ttlLeftMs, ageMs, isMoved } = found;
  const left = isMoved ? 0 : Math.max(0, ttlLeftMs);
  return { value, source, reason, position, tags, ttlLeftMs: left, stored: true, ageMs };
}

/** The reason of a value that is answered for what it is. */
export function hitReason({ source }: Found<unknown>, use: Use): Reason {
  if (use === "stale") return "stale";
  return source === "near" ? "hit-near" : "hit-far";
}
