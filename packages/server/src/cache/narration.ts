import { latencyBucket } from "@livecache/wire";
import type { LatencySource, Position } from "@livecache/wire";
import type { Reason } from "../base/reasons.ts";

/** The move that made an entry unusable, as far as this node knows it. */
export interface Cause {
  readonly tag: string;
  readonly changeId: string | undefined;
  readonly position: Position;
}

/** Counters of all keys of one pattern. Whoever answers counts; nobody resets. */
export interface PatternCounters {
  /** `user:*:orders`: parts that look like identifiers are starred. */
  readonly pattern: string;
  /** Answers by reason. */
  readonly answers: Record<Reason, number>;
  loads: number;
  loadErrors: number;
  /** Milliseconds that all loads took, and the longest of them. */
  loadMsTotal: number;
  loadMsMost: number;
  /** How many readers waited so long, by who answered; each list is made when it is first needed. */
  readonly latency: Latencies;
}

/** Counts by `latencyBucket`. */
export type Latencies = { [Source in LatencySource]?: number[] };

/** A reader was answered from memory or the ground, and nothing was loaded. */
export interface Hit {
  readonly key: string;
  readonly counters: PatternCounters;
  readonly reason: Reason;
  readonly ms: number;
}

/** What happens to a key, in the words of the engine. Near hits are not told one by one: they are only counted. */
export type CacheEvent =
  /** A reader was answered. `ms`: how long it waited. */
  | { readonly type: "answered"; readonly key: string; readonly reason: Reason; readonly ms: number }
  /** A load ended. */
  | {
      readonly type: "loaded";
      readonly key: string;
      readonly ms: number;
      /** `refused`: a tag moved meanwhile · `lost`: unknown whether the ground took it. */
      readonly outcome: "stored" | "refused" | "lost" | "not-storable" | "failed";
      /** Why it was loaded. */
      readonly reason: Reason;
      readonly ttlMs: number;
      readonly bytes: number;
      readonly tags: readonly string[];
      readonly position: Position | undefined;
    }
  /** An entry left this node's memory, or was found unusable in the ground. */
  | {
      readonly type: "dropped";
      readonly key: string;
      readonly from: "near" | "far";
      readonly reason: "expired" | "evicted" | "changed" | "epoch" | "schema" | "damaged";
      readonly cause?: Cause | undefined;
    };

/** Who is told of everything, and counts. It must be quick, and must not throw. */
export interface Narrator {
  /** The counters that a key belongs to; kept with its near entry, so that a hit costs one increment. */
  countersOf(key: string): PatternCounters;
  /** Counts a hit. */
  hit(hit: Hit): void;
  /** Counts an answer or load, and remembers what `why` tells. */
  tell(event: CacheEvent): void;
  /** Whether a value was stored under the key whose TTL still runs, as far as this node remembers: tells `evicted` from `absent`. */
  remembers(key: string): "stored" | "expired" | undefined;
}

/** Counts how long a reader waited. */
export function countLatency(latency: Latencies, source: LatencySource, ms: number): void {
  const bucket = latencyBucket(ms);
  const counts = (latency[source] ??= []);
  while (counts.length <= bucket) counts.push(0);
  counts[bucket]!++;
}
