import { isLiveError, reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { unseal } from "../base/envelope.ts";
import { subtreesOf } from "../base/names.ts";
import type { Reason } from "../base/reasons.ts";
import type { Tasks } from "../base/tasks.ts";
import type { CacheStore, ReadReply, StoredEntry } from "../ports/cache-store.ts";
import type { Standing } from "./freshness.ts";
import type { Cause, Narrator } from "./narration.ts";
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
export async function readFar<T>(parts: FarParts, request: FarRequest<T>): Promise<Found<T> | Miss<T>> {
  if (!parts.usable()) return missOf("ground-away");
  const { view, clock } = parts;
  const askedAtMs = clock.now();
  let reply: ReadReply | undefined;
  try {
    [reply] = await parts.store.read([request.key], view.board.judge);
  } catch (error) {
    if (isLiveError(error)) return missOf("ground-away");
    throw error;
  }
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

/**
 * Takes an entry of the ground that is not void. A current one goes into this node's memory; one that has moved does not, because
 * the memory could not tell from then on that it has. Bytes that cannot be read are removed.
 */
export function receive<T>(
  parts: FarParts,
  request: FarRequest<T>,
  reply: { readonly state: "valid" | "stale"; readonly entry: StoredEntry; readonly judgedAt: Position },
): Found<T> | Miss<T> {
  const { entry, judgedAt } = reply;
  const { key, id, position, ttlMs, ttlLeftMs, keptLeftMs } = entry;
  const ageMs = ageOf(entry);
  const isMoved = reply.state === "stale";
  const known = isMoved ? undefined : parts.view.confirm(key, id, judgedAt);
  if (known) {
    const { value, tags } = known;
    return { value: value as T, id, source: "far", tags, position, ttlMs, ttlLeftMs, isMoved, ageMs };
  }
  const value = decode(parts, request, entry);
  if (typeof value === "string") return missOf(value, id);
  const tags = declaredTags(entry);
  if (!isMoved) {
    const loadedAtMs = parts.clock.now() - ageMs;
    const standing = { id, position, validUpTo: judgedAt, ttlMs, ttlLeftMs, keptLeftMs, loadedAtMs };
    parts.view.keep(key, { ...standing, value: value.decoded, tags, bytes: entry.value.length });
  }
  return { value: value.decoded, id, source: "far", tags, position, ttlMs, ttlLeftMs, isMoved, ageMs };
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
