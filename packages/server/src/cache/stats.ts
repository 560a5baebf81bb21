import { isLiveError } from "@livecache/wire";
import type { LatencySpread, PatternReport } from "@livecache/wire";
import type { CacheStore } from "../ports/cache-store.ts";
import type { GroundStatus } from "../ports/ground.ts";
import type { Reason } from "../base/reasons.ts";
import type { PatternCounters } from "./narration.ts";

/** What one node has counted of one pattern of keys. */
export interface PatternStats extends Readonly<Omit<PatternCounters, "answers" | "latency">> {
  /** Answers by reason; reasons that never came are left out. */
  readonly answers: Partial<Record<Reason, number>>;
  readonly loadMsMean: number;
  /** How long readers waited: see {@link PatternReport}. */
  readonly latency: PatternReport["latency"];
}

/** What a node has counted since it started. */
export interface CacheCounts {
  /** Answered without a load of its own; stale answers are among them. */
  readonly hits: number;
  readonly misses: number;
  /** Hits among all answers, 0 to 1; 0 before the first answer. */
  readonly hitRatio: number;
  /** Answered with a stale value. */
  readonly stale: number;
  /** Loads that failed. */
  readonly errors: number;
  readonly patterns: readonly PatternStats[];
  /** This node's memory. */
  readonly near: { readonly entries: number; readonly bytes: number; readonly maxBytes: number };
}

/** What `live.cache.getStats()` answers: what the ground holds, and what this node has counted. */
export type CacheStats = CacheCounts & {
  /** Entries in the ground; at least so many when `sizeIsLowerBound`. */
  readonly size: number;
  readonly sizeIsLowerBound: boolean;
} & (
    | { readonly type: "redis"; readonly connected: boolean; readonly info: string }
    | { readonly type: "memory"; readonly connected: false; readonly keys: readonly string[] }
  );

/** What the figures are made of. */
export interface StatsParts {
  readonly kind: "memory" | "redis";
  readonly status: () => GroundStatus;
  readonly store: CacheStore;
  readonly patterns: () => readonly PatternCounters[];
  readonly near: () => CacheCounts["near"];
}

/** Most entries that are counted, keys that are listed, and keys that are asked for at a time. */
const MOST_COUNTED = 100_000;
const MOST_LISTED = 1_000;
const PAGE = 1_000;

const HITS: ReadonlySet<Reason> = new Set(["hit-near", "hit-far", "joined", "stale", "timeout", "grace"]);
const STALE: ReadonlySet<Reason> = new Set(["stale", "timeout", "grace"]);

/** Makes the figures of one node. They never reject: while the ground is away its part says so. */
export function createStats(parts: StatsParts): () => Promise<CacheStats> {
  return async () => {
    const counts = countsOf(parts);
    const { keys, size, isComplete, isHere } = await lookAround(parts);
    const held = { ...counts, size, sizeIsLowerBound: !isComplete };
    if (parts.kind === "memory") return { type: "memory", connected: false, keys, ...held };
    const status = parts.status();
    const connected = isHere && status.state === "here";
    const info = status.state === "here" ? "redis answers" : `redis is away: ${status.cause}`;
    return { type: "redis", connected, info, ...held };
  };
}

async function lookAround({ store }: StatsParts) {
  const keys: string[] = [];
  let size = 0;
  let after: string | undefined;
  try {
    do {
      const page = await store.keys({ prefix: "", after, limit: PAGE });
      size += page.keys.length;
      keys.push(...page.keys.slice(0, Math.max(0, MOST_LISTED - keys.length)));
      after = page.next;
    } while (after !== undefined && size < MOST_COUNTED);
  } catch (error) {
    if (!isLiveError(error)) throw error;
    return { keys, size, isComplete: false, isHere: false };
  }
  return { keys, size, isComplete: after === undefined, isHere: true };
}

/** What this node has counted, without a look at the ground. */
export function countsOf({ patterns, near }: Pick<StatsParts, "patterns" | "near">): CacheCounts {
  const all = patterns();
  let [hits, misses, stale, errors] = [0, 0, 0, 0];
  for (const { answers, loadErrors } of all) {
    for (const [reason, count] of Object.entries(answers) as [Reason, number][]) {
      if (HITS.has(reason)) hits += count;
      else misses += count;
      if (STALE.has(reason)) stale += count;
    }
    errors += loadErrors;
  }
  const hitRatio = hits + misses === 0 ? 0 : hits / (hits + misses);
  return { hits, misses, hitRatio, stale, errors, patterns: all.map(patternStats), near: near() };
}

function patternStats({ answers, latency, ...counters }: PatternCounters): PatternStats {
  const came = Object.entries(answers).filter(([, count]) => count > 0);
  const loadMsMean = counters.loads === 0 ? 0 : counters.loadMsTotal / counters.loads;
  const spreads = Object.entries(latency).map(([source, counts]) => [source, spreadOf(counts)] as const);
  return {
    ...counters,
    answers: Object.fromEntries(came),
    loadMsMean,
    latency: Object.fromEntries(spreads),
  };
}

function spreadOf(counts: readonly number[]): LatencySpread {
  return counts.flatMap((count, bucket) => (count > 0 ? [[bucket, count] as const] : []));
}
