import { isLiveError, reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { unseal } from "../base/envelope.ts";
import { subtreesOf } from "../base/names.ts";
import type { Reason } from "../base/reasons.ts";
import type { Tasks } from "../base/tasks.ts";
import type { CacheStore, ReadReply, StoredEntry } from "../ports/cache-store.ts";
import type { Standing } from "./freshness.ts";
import type { Cause, Narrator, PatternCounters } from "./narration.ts";
import type { NodeView } from "./node-view.ts";
import type { FindRequest, Previous } from "./request.ts";

/** What reading the ground needs from its surroundings. */
export interface FarParts {
  readonly store: CacheStore;
  readonly view: NodeView;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly narrator: Narrator;
  /** The last known move of one of the tags past a position. */
  readonly causeOf: (tags: readonly string[], since: Position) => Cause | undefined;
  /** Whether the ground can be asked now, and knows every change made here. */
  readonly usable: () => boolean;
}

/** A value at hand, from this node's memory or the ground: not void, but maybe stale. */
export interface Found<T> extends Standing {
  readonly value: T;
  /** Which stored value it is. */
  readonly id: string;
  readonly source: "near" | "far";
  readonly tags: readonly string[];
  readonly ageMs: number;
  /** Where an answer with it is counted; absent for what is only in the ground. */
  readonly counters: PatternCounters | undefined;
}

/** Why a key has to be loaded, and what is known of the entry that is not good enough. */
export interface Miss<T> {
  readonly reason: Reason;
  /** Which stored value was seen and is not good enough. */
  readonly seen: string | undefined;
  readonly previous: () => Previous<T> | undefined;
}

/** What is read, and how its bytes are understood. */
export type FarRequest<T> = Pick<FindRequest<T>, "key" | "codec" | "version">;

/** Nothing was found, and nobody knows of anything. */
export function missOf(reason: Reason, seen?: string): Miss<never> {
  return { reason, seen, previous: () => undefined };
}

/** Reads one key of the ground, judged by this node's board where that reaches. A ground that does not answer is a miss. */
export function readFar<T>(parts: FarParts, request: FarRequest<T>): Promise<Found<T> | Miss<T>> {
  if (!parts.usable()) return Promise.resolve(missOf("ground-away"));
  const askedAtMs = parts.clock.now();
  return parts.store.read([request.key], parts.view.board.judge).then(
    ([reply]) => take(parts, request, { reply, askedAtMs }),
    (error: unknown) => {
      if (isLiveError(error)) return missOf("ground-away");
      throw error;
    },
  );
}

function take<T>(
  parts: FarParts,
  request: FarRequest<T>,
  { reply, askedAtMs }: { readonly reply: ReadReply | undefined; readonly askedAtMs: number },
): Found<T> | Miss<T> {
  const { view } = parts;
  if (reply === undefined || reply.state === "absent") return missOf(absence(parts, request.key));
  if (reply.state === "invalid") return invalid(parts, request, reply);
  // The log ended there after the question was sent: a board that stands there has been told everything up to the question.
  if (hasReached(view, reply.judgedAt)) view.lease.heard(askedAtMs);
  return receive(parts, request, reply);
}

function hasReached({ board }: NodeView, position: Position): boolean {
  const at = board.position();
  return at !== undefined && reaches(at, position);
}

/** A key that the ground does not hold: never stored as far as this node knows, or expired, or gone before its time. */
function absence({ narrator }: FarParts, key: string): Reason {
  const remembered = narrator.remembers(key);
  if (remembered === "stored") return "evicted";
  return remembered ?? "absent";
}

/** An entry of the ground that is not void, and the log's end that it was judged at. */
interface Judged {
  readonly state: "valid" | "stale";
  readonly entry: StoredEntry;
  readonly judgedAt: Position;
}

/**
 * Takes an entry of the ground that is not void. A current one goes into this node's memory; one that has moved does not, because
 * the memory could not tell from then on that it has. Bytes that cannot be read are removed.
 */
export function receive<T>(parts: FarParts, request: FarRequest<T>, reply: Judged): Found<T> | Miss<T> {
  const { entry } = reply;
  if (reply.state === "stale") {
    const moved = decode(parts, request, entry);
    return typeof moved === "string"
      ? missOf(moved, entry.id)
      : foundOf(entry, movedValue(entry, moved.decoded), true);
  }
  const known = parts.view.confirm(entry.key, entry.id, reply.judgedAt);
  if (known) return foundOf(entry, known, false);
  const value = decode(parts, request, entry);
  if (typeof value === "string") return missOf(value, entry.id);
  return foundOf(entry, keep(parts, reply, value.decoded), false);
}

/** What an answer needs of a value besides its entry in the ground. */
interface Held {
  readonly value: unknown;
  readonly tags: readonly string[];
  readonly counters: PatternCounters | undefined;
}

function movedValue(entry: StoredEntry, value: unknown): Held {
  return { value, tags: declaredTags(entry), counters: undefined };
}

function keep({ view, clock }: FarParts, { entry, judgedAt }: Judged, value: unknown): Held {
  return view.keep(entry.key, {
    id: entry.id,
    value,
    tags: declaredTags(entry),
    dependencies: entry.tags,
    position: entry.position,
    validUpTo: judgedAt,
    ttlMs: entry.ttlMs,
    ttlLeftMs: entry.ttlLeftMs,
    keptLeftMs: entry.keptLeftMs,
    loadedAtMs: clock.now() - ageOf(entry),
    bytes: entry.value.length,
  });
}

/** Spelled out: putting objects together by spreading them costs as much as all the rest of a read. */
function foundOf<T>(entry: StoredEntry, { value, tags, counters }: Held, isMoved: boolean): Found<T> {
  return {
    value: value as T,
    id: entry.id,
    source: "far",
    tags,
    position: entry.position,
    ttlMs: entry.ttlMs,
    ttlLeftMs: entry.ttlLeftMs,
    isMoved,
    ageMs: ageOf(entry),
    counters,
  };
}

/** The tags of an entry without what its key implies, which stands behind them unless it was declared too. */
function declaredTags({ key, tags }: StoredEntry): readonly string[] {
  const at = tags.indexOf(key);
  const implied = subtreesOf(key);
  if (tags.length - at - 1 === implied.length) return tags.slice(0, at);
  return tags.filter((tag) => tag !== key && !implied.includes(tag));
}

/** Reads the bytes of an entry, or says why they cannot be used; damaged ones are removed. */
function decode<T>(
  { store, tasks, narrator }: FarParts,
  { key, codec, version = 0 }: FarRequest<T>,
  { value: bytes, id }: StoredEntry,
): { readonly decoded: T } | "schema" | "damaged" {
  const payload = unseal(bytes, version);
  if (payload === "schema") return payload;
  try {
    if (payload !== "damaged") return { decoded: codec.decode(payload) };
  } catch {
    // Bytes with a right checksum that the codec does not know are as useless as any others.
  }
  narrator.tell({ type: "dropped", key, from: "far", reason: "damaged" });
  // Should it fail, the next reader does it.
  tasks.track(store.discard(key, id).catch(() => undefined));
  return "damaged";
}

function invalid<T>(
  parts: FarParts,
  { key, codec, version = 0 }: FarRequest<T>,
  { reason, entry }: Extract<ReadReply, { state: "invalid" }>,
): Miss<T> {
  const cause = reason === "changed" ? parts.causeOf(entry.tags, entry.position) : undefined;
  parts.narrator.tell({ type: "dropped", key, from: "far", reason, cause });
  return {
    reason,
    seen: entry.id,
    previous() {
      const payload = unseal(entry.value, version);
      if (typeof payload === "string") return undefined;
      try {
        return { value: codec.decode(payload), ageMs: ageOf(entry), reason: "changed" };
      } catch {
        return undefined;
      }
    },
  };
}

function ageOf({ ttlMs, ttlLeftMs }: StoredEntry): number {
  return Math.max(0, ttlMs - ttlLeftMs);
}
