import { LRUCache } from "lru-cache";
import type { Clock } from "../base/clock.ts";
import { REASONS } from "../base/reasons.ts";
import { countLatency } from "./narration.ts";
import type { CacheEvent, Narrator, PatternCounters } from "./narration.ts";
import { patternOf } from "./pattern.ts";

/** How much a ledger keeps. */
export interface LedgerLimits {
  readonly maxPatterns: number;
  readonly maxKeys: number;
  readonly maxEventsPerKey: number;
}

/** Something that happened to a key; `atMs` is the date, in milliseconds since 1970. */
export type LedgerEntry = CacheEvent & { readonly atMs: number };

/** Counts what happens by pattern, and remembers the last events of the keys that were last heard of. */
export interface Ledger extends Narrator {
  patterns(): readonly PatternCounters[];
  /** The last events of a key, newest first. */
  eventsOf(key: string): readonly LedgerEntry[];
}

/** Where keys are counted once there are too many patterns. */
const OTHERS = "(others)";

interface KeyNotes {
  /** Found once per key: telling a pattern from a key costs more than all counting. */
  readonly counters: PatternCounters;
  readonly events: LedgerEntry[];
  /** Until when what was stored last is used, on the monotonic clock; absent when nothing is known to be stored. */
  freshUntilMs: number | undefined;
}

/** Makes an empty ledger. */
export function createLedger({ clock, limits }: { clock: Clock; limits: LedgerLimits }): Ledger {
  const patterns = new Map<string, PatternCounters>();
  const keys = new LRUCache<string, KeyNotes>({ maxSize: limits.maxKeys, sizeCalculation: () => 1 });

  function notesOf(key: string): KeyNotes {
    const known = keys.get(key);
    if (known) return known;
    const notes: KeyNotes = { counters: countersFor(patternOf(key)), events: [], freshUntilMs: undefined };
    keys.set(key, notes);
    return notes;
  }

  function countersOf(key: string): PatternCounters {
    return keys.peek(key)?.counters ?? countersFor(patternOf(key));
  }

  function countersFor(pattern: string): PatternCounters {
    const known = patterns.get(pattern);
    if (known) return known;
    return patterns.size < limits.maxPatterns ? start(pattern) : (patterns.get(OTHERS) ?? start(OTHERS));
  }

  function start(pattern: string): PatternCounters {
    const counters = emptyCounters(pattern);
    patterns.set(pattern, counters);
    return counters;
  }

  function remember(notes: KeyNotes, event: CacheEvent): void {
    notes.events.unshift({ ...event, atMs: clock.wall() });
    if (notes.events.length > limits.maxEventsPerKey) notes.events.pop();
    if (event.type === "loaded" && event.outcome === "stored") notes.freshUntilMs = clock.now() + event.ttlMs;
    // What left this node's memory for want of room is still in the ground, and an end of time is known by its time.
    const isVoid = event.type === "dropped" && event.reason !== "evicted" && event.reason !== "expired";
    if (isVoid) notes.freshUntilMs = undefined;
  }

  return {
    countersOf,
    hit({ counters, reason, ms }) {
      counters.answers[reason]++;
      countLatency(counters.latency, reason === "hit-near" ? "near" : "far", ms);
    },
    tell(event) {
      // A hit is only counted: it would push out what there is to tell of keys that missed.
      if (event.type === "answered" && event.reason === "hit-far") {
        const counters = countersOf(event.key);
        counters.answers["hit-far"]++;
        countLatency(counters.latency, "far", event.ms);
        return;
      }
      const notes = notesOf(event.key);
      count(notes.counters, event);
      remember(notes, event);
    },
    remembers(key) {
      const until = keys.get(key)?.freshUntilMs;
      if (until === undefined) return undefined;
      return clock.now() < until ? "stored" : "expired";
    },
    patterns: () => [...patterns.values()],
    eventsOf: (key) => [...(keys.peek(key)?.events ?? [])],
  };
}

function emptyCounters(pattern: string): PatternCounters {
  const answers = Object.fromEntries(REASONS.map((reason) => [reason, 0])) as PatternCounters["answers"];
  return { pattern, answers, loads: 0, loadErrors: 0, loadMsTotal: 0, loadMsMost: 0, latency: {} };
}

function count(counters: PatternCounters, event: CacheEvent): void {
  if (event.type === "answered") {
    counters.answers[event.reason]++;
    countLatency(counters.latency, "origin", event.ms);
  }
  if (event.type !== "loaded") return;
  counters.loads++;
  counters.loadMsTotal += event.ms;
  counters.loadMsMost = Math.max(counters.loadMsMost, event.ms);
  if (event.outcome === "failed") counters.loadErrors++;
}
