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
  const dependents = createDependents();
  const entries = new LRUCache<string, AwayEntry>({
    maxSize: limits.maxEntries,
    sizeCalculation: () => 1,
    dispose: ({ dependencies }, key) => dependents.remove(key, dependencies),
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
      // Behind the one that it replaced, which was removed with its own dependencies.
      dependents.add(key, entry.dependencies);
    },
    drop(tags) {
      for (const tag of tags) for (const key of dependents.of(tag)) entries.delete(key);
    },
    clear: () => entries.clear(),
  };
}

/** Which keys depend on a tag: many changes may be made while many values are held. */
function createDependents() {
  const keys = new Map<string, Set<string>>();
  return {
    of: (tag: string): Iterable<string> => keys.get(tag) ?? [],
    add(key: string, dependencies: readonly string[]): void {
      for (const tag of dependencies) {
        const known = keys.get(tag);
        if (known) known.add(key);
        else keys.set(tag, new Set([key]));
      }
    },
    remove(key: string, dependencies: readonly string[]): void {
      for (const tag of dependencies) {
        const known = keys.get(tag);
        known?.delete(key);
        if (known?.size === 0) keys.delete(tag);
      }
    },
  };
}
