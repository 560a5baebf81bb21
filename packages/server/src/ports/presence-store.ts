import type { Cursor, PresenceState } from "@livecache/wire";
import type { Listening } from "./ephemeral-lane.ts";

/** A user in a channel, as the ground keeps it. `meta` is JSON, serialised once by the node that was told. */
export interface KeptUser {
  readonly userId: string;
  readonly state: PresenceState;
  readonly meta?: string | undefined;
}

/** What one incarnation says of one user in a channel: there, or (without `state`) there no more. */
export interface PresenceWrite {
  readonly userId: string;
  readonly state?: PresenceState | undefined;
  readonly meta?: string | undefined;
}

/** What a node asks when it renews its lease. */
export interface RenewInput {
  /** Name of the incarnation: random, used by one node and for one uninterrupted life only. */
  readonly incarnation: string;
  /** Begin with it: it has not had a lease before. */
  readonly begins: boolean;
  readonly leaseMs: number;
}

/** Answer to a renewal. */
export interface RenewReply {
  /** `false`: the lease had ended, and the incarnation with it; go on under a new name. */
  readonly alive: boolean;
  /** Incarnations that have ended and left users behind, for the asker to remove; for a second nobody else is told of them. */
  readonly dead: readonly string[];
  /** Until the next lease of another incarnation may end, in milliseconds; absent when there is no other. */
  readonly nextEndMs?: number | undefined;
}

/** What one incarnation says of a channel. */
export interface WriteInput {
  readonly incarnation: string;
  readonly channel: string;
  readonly users: readonly PresenceWrite[];
}

/** One page of the users in a channel, in the order of their ids (by their bytes in UTF-8). */
export interface KeptPage {
  readonly version: Cursor;
  /** How many users there are in all. */
  readonly count: number;
  readonly users: readonly KeptUser[];
  /** Hand it back to get the next page; absent on the last one. */
  readonly next?: string | undefined;
}

/** Which page of a channel. */
export interface PageQuery {
  readonly after?: string | undefined;
  readonly limit: number;
  /**
   * Users as followers were told of them: also what ended incarnations said, until it is removed. Such pages of the same version are
   * equal. Default no.
   */
  readonly asTold?: boolean | undefined;
}

/**
 * One step of a channel. The version before it has the same epoch, and an offset lower by one; versions of another epoch say that the
 * ground has lost what it knew.
 */
export interface KeptDiff {
  readonly version: Cursor;
  /** How many users there are after it. */
  readonly count: number;
  /** Absent when there are more than {@link MAX_LISTED} users, before or after it: then only the count is told. */
  readonly moves?: PresenceMoves | undefined;
}

/** Who came, went and changed; a user is in one of the lists. */
export interface PresenceMoves {
  readonly joined: readonly KeptUser[];
  readonly left: readonly string[];
  readonly changed: readonly KeptUser[];
}

/** Up to how many users of a channel are told one by one, and most of one page. */
export const MAX_LISTED = 200;

/**
 * Furthest that the clock of leases goes on between two renewals, in milliseconds. It stands still while nobody renews: when the ground
 * was away from everybody, nobody's lease has ended by that.
 */
export const LEASE_CLOCK_STEP_MS = 1_500;

/** How long an incarnation that has ended belongs to the node that was told of it. */
export const REAP_CLAIM_MS = 1_000;

/**
 * Who is in which channel, in one realm.
 *
 * **Liveness.** Users are there on the word of incarnations, and an incarnation lives as long as it renews its lease: one write a
 * second for each node, however many users it speaks for. When it has ended, pages leave its users out at once, and any other node
 * removes them.
 *
 * **Users.** A user is in a channel once, however many incarnations say so: `"online"` if one of them does, with the meta that was
 * written last. Only a step of the user as a whole is a step of the channel, and has a version.
 *
 * **Failure.** As the change log's: `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT`, `LIVE_GROUND_BUSY`, `LIVE_GROUND_REFUSED`, `LIVE_CLOSED`.
 */
export interface PresenceStore {
  /** Begins an incarnation, or says that it goes on. An incarnation that has ended stays so. */
  renew(input: RenewInput): Promise<RenewReply>;

  /**
   * Says what an incarnation knows of users in a channel, and tells those who follow the channel what came of it, in one atomic step.
   * Saying the same again changes nothing. `false`: the incarnation has ended, and nothing was written. Of a user with `state` the channel
   * is kept as long as the incarnation lives, and at most a day after the last write or {@link PresenceStore.keep}.
   */
  write(input: WriteInput): Promise<boolean>;

  /** Keeps what an incarnation said of these channels for another day. */
  keep(incarnation: string, channels: readonly string[]): Promise<void>;

  /**
   * Removes users that an ended incarnation has left behind, some hundreds at a time, and tells the followers who is gone by that. It
   * never touches an incarnation that lives. `true`: nothing is left of it.
   */
  reap(incarnation: string): Promise<boolean>;

  /** Answers one page. What ended incarnations said is left out, unless users are asked for as they were told. */
  page(channel: string, query: PageQuery): Promise<KeptPage>;

  /** Answers how many users there are, in constant time; those of an incarnation that has ended count until they are removed. */
  count(channel: string): Promise<number>;

  /** Whether a living incarnation speaks for the user. */
  isPresent(channel: string, userId: string): Promise<boolean>;

  /** Tells every step of a channel from the moment this resolves, in order; steps may get lost with a connection. `onDiff` must not throw. */
  follow(channel: string, onDiff: (diff: KeptDiff) => void): Promise<Listening>;
}
