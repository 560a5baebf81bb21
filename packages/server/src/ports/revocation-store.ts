import type { Position } from "@livecache/wire";

/**
 * Something that is not accepted any more. `token`: one token, `atMs` is when it expires by itself. `user`: all tokens of one user that
 * were issued up to `atMs`; the user whose id is {@link EVERYBODY} stands for all users. Both in milliseconds since 1970, and of two with
 * one `id` the later counts: so they can be told in any order, and as often as one likes.
 */
export interface Revocation {
  readonly kind: "token" | "user";
  /** 128 bits in base64url, 22 characters, as `base/token-digest.ts` makes them. */
  readonly id: string;
  readonly atMs: number;
}

/** What is revoked in one step. */
export interface RevokeInput {
  /** Chosen by the writer, unique. */
  readonly changeId: string;
  /** The node that writes. */
  readonly origin: string;
  /** 1 to {@link MAX_REVOKED_AT_ONCE}. */
  readonly revoked: readonly Revocation[];
  /** Tags that move with it, subtree tags included: those of the users' identities. */
  readonly tags: readonly string[];
  readonly trace?: string | undefined;
  /** Whether this gives back to the ground what it has lost. */
  readonly restores?: boolean | undefined;
}

/** Most revocations of one step. */
export const MAX_REVOKED_AT_ONCE = 200;

/** Most tokens, and most users, that a realm knows at a time. */
export const MAX_REVOKED_TOKENS = 2_000_000;
export const MAX_REVOKED_USERS = 200_000;

/** How long after a loss the set counts as whole again: in that time a living node has come back, and begun to restore it. */
export const SETTLES_AFTER_MS = 3_000;

/** `"revoked"`: it stands in the ground, and what was new of it in the log at `position`. `"full"`: nothing happened, there are too many. */
export type RevokeReply =
  | { readonly state: "revoked"; readonly position: Position; readonly added: number }
  | { readonly state: "full"; readonly size: number };

/** What a part of the set holds, short enough to be compared: see `base/revocation-shards.ts`. */
export interface ShardSum {
  readonly count: number;
  readonly sum: number;
}

/** What the ground says of the whole set. */
export interface RevocationState {
  /** The log's end. */
  readonly position: Position;
  /** Time of the ground, in milliseconds since 1970. What has expired more than the margin before it is left out of `shards`. */
  readonly serverMs: number;
  /**
   * Whether the set is whole as far as anybody can tell. It is not for {@link SETTLES_AFTER_MS} after the data may have been lost (the
   * epoch is another, the server was started anew or is another one, something was evicted), nor as long as nodes restore what was lost.
   */
  readonly isSettled: boolean;
  /** One for each part; `undefined` for a part that has too much to sweep, or is damaged, just now: ask again. */
  readonly shards: readonly (ShardSum | undefined)[];
}

/**
 * The revocations of one realm: what every node keeps a copy of.
 *
 * **Failure.** As the change log's: `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT` (the outcome is then unknown; saying it again is harmless),
 * `LIVE_GROUND_BUSY`, `LIVE_GROUND_REFUSED`, `LIVE_CLOSED`.
 */
export interface RevocationStore {
  /**
   * Takes revocations into the set, and appends one record with those that are new or later than what was known; the tags move with it.
   * All in one atomic step. When nothing is new and no tag is given, nothing is appended, and the log's end is answered.
   */
  revoke(input: RevokeInput): Promise<RevokeReply>;
  /** Answers what the set holds, part by part; sweeps what has expired. */
  state(): Promise<RevocationState>;
  /** Answers whether the set is whole, as `state` does, and sooner. */
  isSettled(): Promise<boolean>;
  /** Answers one part of the set as it is at one moment. It may hold what has expired. */
  shard(index: number): Promise<readonly Revocation[]>;
}
