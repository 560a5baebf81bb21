import type { Position } from "@livecache/wire";
import type { Verdict } from "./change-log.ts";

/** A cached value as it is stored. */
export interface StoredEntry {
  readonly key: string;
  /** The position at which the load of this value *began*. */
  readonly position: Position;
  /** Everything the value depends on: declared tags, its key and the key's subtrees. */
  readonly tags: readonly string[];
  readonly value: Uint8Array;
  /** Milliseconds until the value expires, counted from the answer. */
  readonly ttlLeftMs: number;
}

/** Answer to the read of one key. */
export type ReadReply =
  /** `judgedAt` is the log's end that the entry was found valid at. */
  | { readonly state: "valid"; readonly entry: StoredEntry; readonly judgedAt: Position }
  | { readonly state: "absent" }
  /** There is an entry, but it may not be used. `position` is its stamp, to be handed to `begin` as `seen`. */
  | { readonly state: "invalid"; readonly reason: "changed" | "epoch"; readonly position: Position };

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
  /** How long the right to load lasts if it is not given back, in milliseconds. */
  readonly leaseMs: number;
  /** Stamp of the entry that the caller found invalid, if it found one. */
  readonly seen?: Position | undefined;
}

/** Answer to `begin`. */
export type BeginReply =
  /** Load now. `position` was the log's end before the load; `lease` is given back by `commit` or `abandon`. */
  | { readonly state: "granted"; readonly lease: string; readonly position: Position }
  /** Somebody else is loading; its lease ends in at most `leaseLeftMs`. */
  | { readonly state: "busy"; readonly leaseLeftMs: number }
  /** A valid entry has come in since the caller looked. */
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
  readonly ttlMs: number;
}

/** Answer to `commit`. */
export type CommitReply =
  | { readonly state: "stored" }
  /**
   * Not stored. `changed`: a tag moved after the load began. `epoch`: the ground lost data meanwhile. `superseded`: an
   * entry whose load began later is there already.
   */
  | { readonly state: "refused"; readonly reason: "changed" | "epoch" | "superseded" };

/**
 * The cache entries of one realm.
 *
 * **Validity.** An entry is valid while its epoch is the log's epoch and none of its tags has moved past its stamp. A tag
 * that the ground has lost makes it invalid: missing never means unchanged.
 *
 * **Failure.** As for {@link ChangeLog}: every method answers within the ground's deadline or rejects with
 * `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT`, `LIVE_GROUND_BUSY` or `LIVE_CLOSED`.
 */
export interface CacheStore {
  /**
   * Reads keys, one answer for each in the order asked. `"valid"` is judged at a log end that is not older than the call:
   * an entry invalidated by a change that returned before the call is never answered as valid. An expired entry is
   * absent. `judge` is asked first; only what it leaves `"unknown"` costs a second trip. Bytes that cannot be read back
   * are absent, and removed.
   */
  read(keys: readonly string[], judge?: LocalJudge): Promise<readonly ReadReply[]>;

  /**
   * Asks for the right to load `key`. At most one caller holds it until its lease ends; the answer's position is not
   * newer than the moment the lease was taken. An entry other than the one `seen` is judged, and answered when valid.
   */
  begin(input: BeginInput): Promise<BeginReply>;

  /**
   * Stores a value unless one of its tags moved after `position`. It never replaces an entry whose stamp is newer. Whatever
   * the answer, a lease that is still the caller's is given back; somebody else's is left alone. The entry lives for
   * `ttlMs`, and the ground keeps what it knows of the entry's tags at least as long.
   */
  commit(input: CommitInput): Promise<CommitReply>;

  /** Gives a lease back without a value. A lease that has ended or passed on is left alone. */
  abandon(key: string, lease: string): Promise<void>;
}
