import type { Position } from "@livecache/wire";
import type { PatternCounters } from "./narration.ts";
import { createS3Fifo } from "./s3-fifo.ts";

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

/** This node's memory of values, bounded by bytes; what has been of least use leaves first. */
export interface Near {
  get(key: string): NearEntry | undefined;
  /** Keeps an entry, unless one with a newer stamp is there. An entry larger than the whole memory is not kept. */
  put(key: string, entry: NearEntry): void;
  delete(key: string): void;
  clear(): void;
  /** Every entry. */
  entries(): Iterable<NearEntry>;
  readonly bytes: number;
  /** How many entries there are. */
  readonly size: number;
}

/** Bytes of an entry's objects besides its value and names, and of one name besides its characters: measured on Node 20. */
const ENTRY_OVERHEAD_BYTES = 600;
const BYTES_PER_NAME = 24;

/** What a memory is made with. */
export interface NearOptions {
  readonly maxBytes: number;
  /** Told of every entry that had to leave for want of room. */
  readonly onEvict: (key: string, entry: NearEntry) => void;
}

/** Makes an empty memory of at most `maxBytes`. `docs/decisions/006-near-memory.md` says why it evicts as it does. */
export function createNear({ maxBytes, onEvict }: NearOptions): Near {
  const entries = createS3Fifo<NearEntry>({ maxBytes, onEvict });
  return {
    get: (key) => entries.get(key),
    put(key, entry) {
      const present = entries.peek(key)?.position;
      const isOlder = present?.epoch === entry.position.epoch && entry.position.seq < present.seq;
      if (!isOlder) entries.set(key, entry, costOf(key, entry));
    },
    delete: (key) => entries.delete(key),
    clear: () => entries.clear(),
    entries: () => entries.values(),
    get size() {
      return entries.size;
    },
    get bytes() {
      return entries.bytes;
    },
  };
}

/** What an entry costs: its value as it is stored, its names, and the objects around them. */
function costOf(key: string, { bytes, dependencies }: NearEntry): number {
  let names = 2 * key.length;
  for (const name of dependencies) names += BYTES_PER_NAME + name.length;
  return bytes + names + ENTRY_OVERHEAD_BYTES;
}
