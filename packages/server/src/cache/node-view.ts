import { reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { dependenciesOf } from "../base/names.ts";
import { createLease } from "./lease.ts";
import type { Lease } from "./lease.ts";
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
  readonly value: unknown;
  readonly tags: readonly string[];
  readonly position: Position;
  readonly validUpTo: Position;
  readonly ttlLeftMs: number;
  readonly loadedAtMs: number;
  readonly bytes: number;
}

/** What one node knows by itself, and when it may rely on it. */
export interface NodeView {
  readonly board: TagBoard;
  readonly lease: Lease;
  readonly near: Near;
  /** The near entry of a key if this node may answer with it now, at least as new as `fence`. */
  lookup(key: string, fence: Position | undefined): NearEntry | undefined;
  keep(key: string, kept: Kept): void;
}

/** Makes the view of a node that has heard nothing yet: it answers nothing. */
export function createNodeView(clock: Clock, limits: NodeViewLimits): NodeView {
  const board = createTagBoard(limits.maxTags);
  const lease = createLease(limits.leaseMs);
  const near = createNear(limits.nearMaxBytes);

  /** Whether nothing the entry depends on has moved as far as the board reaches. */
  function holds(key: string, entry: NearEntry, at: Position): boolean {
    const { validUpTo } = entry;
    if (validUpTo.seq === at.seq && validUpTo.epoch === at.epoch) return true;
    const verdict = board.judge({ position: validUpTo, tags: entry.dependencies });
    if (verdict === "changed") near.delete(key);
    if (verdict !== "valid") return false;
    if (at.seq > validUpTo.seq) entry.validUpTo = at;
    return true;
  }

  return {
    board,
    lease,
    near,
    lookup(key, fence) {
      const entry = near.get(key);
      if (!entry) return undefined;
      const nowMs = clock.now();
      if (nowMs >= entry.expiresAtMs) {
        near.delete(key);
        return undefined;
      }
      const at = board.position();
      if (!at || !lease.isCurrent(nowMs, at) || nowMs >= entry.recheckAtMs) return undefined;
      if (fence && !reaches(at, fence)) return undefined;
      return holds(key, entry, at) ? entry : undefined;
    },
    keep(key, { value, tags, position, validUpTo, ttlLeftMs, loadedAtMs, bytes }) {
      const nowMs = clock.now();
      near.put(key, {
        value,
        tags,
        dependencies: dependenciesOf(key, tags),
        position,
        validUpTo,
        loadedAtMs,
        expiresAtMs: nowMs + ttlLeftMs,
        recheckAtMs: nowMs + limits.nearMaxAgeMs,
        bytes,
      });
    },
  };
}
