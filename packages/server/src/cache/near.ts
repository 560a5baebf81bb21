import { LRUCache } from "lru-cache";
import type { Position } from "@livecache/wire";
import type { PatternCounters } from "./narration.ts";

/** A value in this node's memory. Instants are on the injected monotonic clock. */
export interface NearEntry {
  /** Which stored value it is. */
  readonly id: string;
  readonly value: unknown;
  readonly tags: readonly string[];
  /** Everything the value depends on, subtree tags included. */
  readonly dependencies: readonly string[];
  /** Stamp: the position at which the load began. */
  readonly position: Position;
  /** Nothing the value depends on moved between its stamp and this position. */
  validUpTo: Position;
  readonly loadedAtMs: number;
  readonly ttlMs: number;
  /** When the TTL ends. */
  readonly freshUntilMs: number;
  /** Until when the entry may be answered as stale; at least `freshUntilMs`. */
  readonly keptUntilMs: number;
  /** When the entry must be judged by the ground again, whatever the board says. */
  recheckAtMs: number;
  readonly bytes: number;
  readonly counters: PatternCounters;
  /** The value as a settled promise, made when it is first asked for. */
  promise: Promise<unknown> | undefined;
  /** Whatever a door keeps beside the value. */
  memo: unknown;
}

/** This node's memory of values, bounded by bytes; the least recently used leave first. */
export interface Near {
  get(key: string): NearEntry | undefined;
  /** Keeps an entry, unless one with a newer stamp is there. An entry larger than the whole memory is not kept. */
  put(key: string, entry: NearEntry): void;
  delete(key: string): void;
  clear(): void;
  readonly bytes: number;
  /** How many entries there are. */
  readonly size: number;
}

/** What an entry costs besides its value: the objects around it, in bytes, measured roughly. */
const ENTRY_OVERHEAD_BYTES = 400;

/** What a memory is made with. */
export interface NearOptions {
  readonly maxBytes: number;
  /** Told of every entry that had to leave for want of room. */
  readonly onEvict: (key: string, entry: NearEntry) => void;
}

/** Makes an empty memory of at most `maxBytes`. */
export function createNear({ maxBytes, onEvict }: NearOptions): Near {
  const entries = new LRUCache<string, NearEntry>({
    maxSize: maxBytes,
    dispose: (entry, key, reason) => {
      if (reason === "evict") onEvict(key, entry);
    },
    sizeCalculation: (entry, key) => entry.bytes + key.length * 2 + ENTRY_OVERHEAD_BYTES,
  });
  return {
    get: (key) => entries.get(key),
    put(key, entry) {
      const present = entries.peek(key)?.position;
      const older = present?.epoch === entry.position.epoch && entry.position.seq < present.seq;
      if (!older) entries.set(key, entry);
    },
    delete: (key) => void entries.delete(key),
    clear: () => entries.clear(),
    get size() {
      return entries.size;
    },
    get bytes() {
      return entries.calculatedSize;
    },
  };
}
