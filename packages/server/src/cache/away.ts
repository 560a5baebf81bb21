import { LRUCache } from "lru-cache";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";

/** A value loaded while the ground was away. */
export interface AwayEntry {
  readonly value: unknown;
  readonly tags: readonly string[];
  readonly loadedAtMs: number;
  /** Where the node had applied the log to when the load began. */
  readonly position: Position | undefined;
}

/**
 * What this node loaded while the ground was away. Nodes cannot hear each other then, so only time bounds staleness: an
 * entry lives for `ttlMs` from the start of its load, and everything is dropped when a change is made or heard of.
 */
export interface AwayMemory {
  readonly ttlMs: number;
  get(key: string): AwayEntry | undefined;
  put(key: string, entry: AwayEntry): void;
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
      return entry && clock.now() < entry.loadedAtMs + limits.ttlMs ? entry : undefined;
    },
    put: (key, entry) => void entries.set(key, entry),
    clear: () => entries.clear(),
  };
}
