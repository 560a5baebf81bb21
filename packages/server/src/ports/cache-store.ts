import type { Position } from "@livecache/wire";
import type { Verdict } from "./change-log.ts";

/** A cached value as it is stored. */
export interface StoredEntry {
  readonly key: string;
  /** Tells this value from every other one ever stored under the key: two loads may have begun at the same position. */
  readonly id: string;
  /** The position at which the load of this value *began*. */
  readonly position: Position;
  /** Everything the value depends on: declared tags, its key and the key's subtrees. */
  readonly tags: readonly string[];
  readonly value: Uint8Array;
  /** The TTL that the value was stored with, in milliseconds. */
  readonly ttlMs: number;
  /** Milliseconds until the TTL ends, counted from the answer. Below 1 when the entry is only kept to be answered as stale. */
  readonly ttlLeftMs: number;
  /** Milliseconds until the ground forgets the entry; at least `ttlLeftMs`, above 0. */
  readonly keptLeftMs: number;
}

/** Answer to the read of one key. */
export type ReadReply =
  /**
   * `judgedAt` is the log's end that the entry was judged at. `valid`: nothing it depends on has moved; its TTL may have run
   * out. `stale`: something moved, and only so that the entry may still be answered as stale.
   */
  | { readonly state: "valid"; readonly entry: StoredEntry; readonly judgedAt: Position }
  | { readonly state: "stale"; readonly entry: StoredEntry; readonly judgedAt: Position }
  | { readonly state: "absent" }
  /** There is an entry, but it may not be used. */
  | { readonly state: "invalid"; readonly reason: "changed" | "epoch"; readonly entry: StoredEntry };

/**
 * A shortcut offered by a caller that follows the log: judges an entry as of `head`, the log's end that was read with
 * it. `"unknown"` leaves the judgement to the ground.
 */
export type LocalJudge = (
  entry: Pick<StoredEntry, "position" | "tags">,
  head: Position,
) => Verdict | "unknown";

/** What a caller asks before it loads. */
export interface BeginInput {
  readonly key: string;
  /** How long the right to load lasts if it is neither extended nor given back, in milliseconds. */
  readonly leaseMs: number;
  /** `id` of the entry that the caller has seen and wants replaced, if it saw one. */
  readonly seen?: string | undefined;
}

/** Answer to `begin`. */
export type BeginReply =
  /** Load now. `position` was the log's end before the load; `lease` is given back by `commit` or `abandon`. */
  | { readonly state: "granted"; readonly lease: string; readonly position: Position }
  /** Somebody else is loading; its lease ends in at most `leaseLeftMs`. */
  | { readonly state: "busy"; readonly leaseLeftMs: number }
  /** A valid entry whose TTL runs has come in since the caller looked. */
  | { readonly state: "valid"; readonly entry: StoredEntry; readonly judgedAt: Position };

/** A loaded value on its way into the store. */
export interface CommitInput {
  readonly key: string;
  /** The lease of `begin`. A value that was not loaded under one (a plain `set`) has none. */
  readonly lease?: string | undefined;
  /** The position that `begin` answered. */
  readonly position: Position;
  readonly tags: readonly string[];
  readonly value: Uint8Array;
  /** How long the value is current if nothing changes. */
  readonly ttlMs: number;
  /** How long the entry is kept, at least `ttlMs`: beyond its TTL it may be answered as stale. */
  readonly keepMs: number;
}

/** Answer to `commit`. */
export type CommitReply =
  /** `stale`: a tag moved after the load began, and only so that the value may still be answered as stale. */
  | { readonly state: "stored"; readonly id: string; readonly verdict: "valid" | "stale" }
  /**
   * Not stored. `changed`: a tag was purged after the load began. `epoch`: the ground lost data meanwhile. `superseded`: an
   * entry whose load began later is there already.
   */
  | { readonly state: "refused"; readonly reason: "changed" | "epoch" | "superseded" };

/** One page of keys. */
export interface KeyPage {
  readonly keys: readonly string[];
  /** Hand it back to get the next page; absent on the last one. */
  readonly next?: string | undefined;
}

/** What a page of keys is asked by. */
export interface KeyQuery {
  /** What the keys start with; empty for all. */
  readonly prefix: string;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  /** About how many keys a page holds; a page may hold fewer or none, and is not the last while it has `next`. */
  readonly limit: number;
}

/**
 * The cache entries of one realm.
 *
 * **Validity.** An entry is valid while its epoch is the log's epoch and none of its tags has moved past its stamp. A tag
 * that the ground has lost makes it invalid: missing never means unchanged. Time does not make it invalid: an entry is answered
 * until `keepMs` have passed, and says how much of its TTL is left.
 *
 * **Failure.** As for {@link ChangeLog}: every method answers within the ground's deadline or rejects with
 * `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT`, `LIVE_GROUND_BUSY` or `LIVE_CLOSED`.
 */
export interface CacheStore {
  /**
   * Reads keys, one answer for each in the order asked. `"valid"` is judged at a log end that is not older than the call:
   * an entry invalidated by a change that returned before the call is never answered as valid. An entry whose `keepMs` have
   * passed is absent. `judge` is asked first; only what it leaves `"unknown"` costs a second trip. Bytes that cannot be read back
   * are absent, and removed.
   */
  read(keys: readonly string[], judge?: LocalJudge): Promise<readonly ReadReply[]>;

  /**
   * Asks for the right to load `key`. At most one caller holds it until its lease ends; the answer's position is not
   * newer than the moment the lease was taken. An entry other than the one `seen` is judged, and answered when it is valid
   * and its TTL runs.
   */
  begin(input: BeginInput): Promise<BeginReply>;

  /**
   * Stores a value unless one of its tags was purged after `position`. It never replaces an entry whose stamp is newer. Whatever
   * the answer, a lease that is still the caller's is given back; somebody else's is left alone. The entry lives for
   * `keepMs`, and the ground keeps what it knows of the entry's tags at least as long.
   */
  commit(input: CommitInput): Promise<CommitReply>;

  /**
   * Lets a lease that is still the caller's last for `leaseMs` from now. `false`: it has ended or passed on, and others may load; what the
   * caller brings is judged as ever.
   */
  extend(key: string, lease: string, leaseMs: number): Promise<boolean>;

  /** Gives a lease back without a value. A lease that has ended or passed on is left alone. */
  abandon(key: string, lease: string): Promise<void>;

  /** Removes an entry whose value cannot be read, if it is still the one with this `id`. */
  discard(key: string, id: string): Promise<void>;

  /**
   * Pages through the keys of stored entries, for operators; whether they are valid is not asked. Every key that is stored
   * from the first page to the last is told at least once; one that comes or goes meanwhile may be told or not. It never
   * holds the ground for long.
   */
  keys(query: KeyQuery): Promise<KeyPage>;
}
