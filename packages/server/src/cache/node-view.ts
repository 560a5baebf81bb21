import { reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { isDue } from "./freshness.ts";
import { createLease } from "./lease.ts";
import type { Lease } from "./lease.ts";
import type { CacheEvent, Cause, Narrator } from "./narration.ts";
import { createNear } from "./near.ts";
import type { Near, NearEntry } from "./near.ts";
import { createTagBoard } from "./tag-board.ts";
import type { TagBoard } from "./tag-board.ts";

/** Bounds and times of one node's view. */
export interface NodeViewLimits {
  readonly nearMaxBytes: number;
  /** Oldest a near entry may get before the ground judges it again. */
  readonly nearMaxAgeMs: number;
  readonly maxTags: number;
  readonly leaseMs: number;
}

/** A value on its way into this node's memory. */
export interface Kept {
  readonly id: string;
  readonly value: unknown;
  readonly tags: readonly string[];
  /** Everything it depends on, subtree tags included. */
  readonly dependencies: readonly string[];
  readonly position: Position;
  readonly validUpTo: Position;
  readonly ttlMs: number;
  readonly ttlLeftMs: number;
  readonly keptLeftMs: number;
  readonly loadedAtMs: number;
  readonly bytes: number;
}

/** An entry of this node's memory that is not void, and whether it has moved. */
export interface NearFound {
  readonly entry: NearEntry;
  readonly isMoved: boolean;
}

/** What one node knows by itself, and when it may rely on it. */
export interface NodeView {
  readonly board: TagBoard;
  readonly lease: Lease;
  readonly near: Near;
  /**
   * The near entry of a key if this node may answer with it now, at least as new as `fence`, and the share `refreshAt` of its TTL
   * has not passed. Never a stale one.
   */
  lookup(key: string, fence: Position | undefined, refreshAt: number): NearEntry | undefined;
  /** The near entry of a key that is not known to be void, stale or not. */
  consult(key: string, fence: Position | undefined): NearFound | undefined;
  /** Takes a value into this node's memory, and answers its entry. */
  keep(key: string, kept: Kept): NearEntry;
  /**
   * The ground holds the value `id`, and found it valid at `judgedAt`: the near entry of that very value is as good as one that
   * has just come in, and is answered. `undefined`: this node does not hold that value.
   */
  confirm(key: string, id: string, judgedAt: Position): NearEntry | undefined;
}

/** What the view needs from its surroundings. */
export interface NodeViewParts {
  readonly clock: Clock;
  readonly narrator: Narrator;
  /** The last known move of one of the tags past a position. */
  readonly causeOf: (tags: readonly string[], since: Position) => Cause | undefined;
}

/** Makes the view of a node that has heard nothing yet: it answers nothing. */
export function createNodeView(parts: NodeViewParts, limits: NodeViewLimits): NodeView {
  const { clock, narrator, causeOf } = parts;
  const board = createTagBoard(limits.maxTags);
  const lease = createLease(limits.leaseMs);
  const near = createNear({
    maxBytes: limits.nearMaxBytes,
    onEvict: (key) => narrator.tell({ type: "dropped", key, from: "near", reason: "evicted" }),
  });

  function drop(key: string, reason: (CacheEvent & { type: "dropped" })["reason"], entry: NearEntry): void {
    near.delete(key);
    const cause = reason === "changed" ? causeOf(entry.dependencies, entry.position) : undefined;
    narrator.tell({ type: "dropped", key, from: "near", reason, cause });
  }

  /** Whether this node may rely on what it knows of the entry at all. */
  function isTrusted(entry: NearEntry, nowMs: number, fence: Position | undefined): boolean {
    const at = board.position();
    if (at === undefined || nowMs >= entry.recheckAtMs || !lease.isCurrent(nowMs, at)) return false;
    return fence === undefined || reaches(at, fence);
  }

  /** Judges an entry as far as the board reaches. */
  function judge(key: string, entry: NearEntry): "valid" | "stale" | undefined {
    const at = board.position()!;
    const { validUpTo } = entry;
    if (validUpTo.seq === at.seq && validUpTo.epoch === at.epoch) return "valid";
    const verdict = board.judge({ position: validUpTo, tags: entry.dependencies });
    if (verdict === "changed") drop(key, "changed", entry);
    if (verdict === "valid" && at.seq > validUpTo.seq) entry.validUpTo = at;
    return verdict === "valid" || verdict === "stale" ? verdict : undefined;
  }

  return {
    board,
    lease,
    near,
    lookup(key, fence, refreshAt) {
      const entry = near.get(key);
      if (entry === undefined) return undefined;
      const nowMs = clock.now();
      const ttlLeftMs = entry.freshUntilMs - nowMs;
      if (ttlLeftMs <= 0 || isDue(entry.ttlMs, ttlLeftMs, refreshAt)) return undefined;
      if (!isTrusted(entry, nowMs, fence)) return undefined;
      return judge(key, entry) === "valid" ? entry : undefined;
    },
    consult(key, fence) {
      const entry = near.get(key);
      if (!entry) return undefined;
      const nowMs = clock.now();
      if (nowMs >= entry.keptUntilMs) {
        drop(key, "expired", entry);
        return undefined;
      }
      if (!isTrusted(entry, nowMs, fence)) return undefined;
      const verdict = judge(key, entry);
      return verdict && { entry, isMoved: verdict === "stale" };
    },
    confirm(key, id, judgedAt) {
      const entry = near.get(key);
      if (entry?.id !== id) return undefined;
      if (!reaches(entry.validUpTo, judgedAt)) entry.validUpTo = judgedAt;
      entry.recheckAtMs = clock.now() + limits.nearMaxAgeMs;
      return entry;
    },
    keep(key, kept) {
      const nowMs = clock.now();
      const recheckAtMs = nowMs + limits.nearMaxAgeMs;
      const entry = entryOf(kept, { nowMs, recheckAtMs, counters: narrator.countersOf(key) });
      near.put(key, entry);
      return entry;
    },
  };
}

/** Spelled out, so that all entries have one shape. */
function entryOf(
  kept: Kept,
  { nowMs, recheckAtMs, counters }: Pick<NearEntry, "recheckAtMs" | "counters"> & { readonly nowMs: number },
): NearEntry {
  return {
    id: kept.id,
    value: kept.value,
    tags: kept.tags,
    dependencies: kept.dependencies,
    position: kept.position,
    validUpTo: kept.validUpTo,
    loadedAtMs: kept.loadedAtMs,
    ttlMs: kept.ttlMs,
    freshUntilMs: nowMs + kept.ttlLeftMs,
    keptUntilMs: nowMs + kept.keptLeftMs,
    recheckAtMs,
    bytes: kept.bytes,
    counters,
    promise: undefined,
    memo: undefined,
  };
}
