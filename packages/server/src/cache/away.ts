import { LRUCache } from "lru-cache";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";

/** A value loaded while the ground was away. */
export interface AwayEntry {
  readonly value: unknown;
  readonly tags: readonly string[];
  /** Everything the value depends on, subtree tags included. */
  readonly dependencies: readonly string[];
  readonly loadedAtMs: number;
  /** How long it is used at most, if that is shorter than the memory's own limit. */
  readonly ttlMs: number;
  /** Where the node had applied the log to when the load began. */
  readonly position: Position | undefined;
}

/**
 * What this node loaded while the ground was away. Nodes cannot hear each other then, so only time bounds staleness: an
 * entry lives for `ttlMs`, its own or the memory's, from the start of its load, and is dropped when a change of something it depends on is made or heard of.
 */
export interface AwayMemory {
  readonly ttlMs: number;
  get(key: string): AwayEntry | undefined;
  put(key: string, entry: AwayEntry): void;
  /** Drops what depends on one of the tags. */
  drop(tags: readonly string[]): void;
  clear(): void;
}

/** Makes an empty memory of at most `maxEntries`. */
export function createAwayMemory(clock: Clock, limits: { ttlMs: number; maxEntries: number }): AwayMemory {
  const entries = new LRUCache<string, AwayEntry>({
    maxSize: limits.maxEntries,
    sizeCalculation: () => 1,
  });
  return {
    ttlMs: limits.ttlMs,
    get(key) {
      const entry = entries.get(key);
      return entry && clock.now() < entry.loadedAtMs + entry.ttlMs ? entry : undefined;
    },
    put(key, entry) {
      const ttlMs = Math.min(entry.ttlMs, limits.ttlMs);
      entries.set(key, { ...entry, ttlMs });
    },
    drop(tags) {
      const moved = new Set(tags);
      for (const [key, { dependencies }] of entries.entries()) {
        if (dependencies.some((tag) => moved.has(tag))) entries.delete(key);
      }
    },
    clear: () => entries.clear(),
  };
}
