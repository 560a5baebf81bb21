import type { Cursor, Position } from "@livecache/wire";
import type { NoteDeed } from "./notification-store.ts";
import type { Revocation } from "./revocation-store.ts";

/** How much of a channel the log keeps. */
export interface HistoryBounds {
  /** Most events; 0 for none. */
  readonly maxEvents: number;
  /** Oldest event, by the ground's clock. */
  readonly maxAgeMs: number;
}

/** An event to publish with a change. `body` is JSON, serialised once by the publisher. */
export interface OutgoingEvent {
  readonly channel: string;
  readonly name: string;
  readonly body: string;
  /** How much of the channel is kept from now on; absent: nothing. */
  readonly kept?: HistoryBounds | undefined;
  /** What the event does to what is kept for a user, in the same step. */
  readonly note?: NoteDeed | undefined;
}

/**
 * How a change moves its tags. `"purge"`: nothing loaded before it is ever used again. `"stale"`: what was loaded before it is
 * no longer current, but may be answered, marked as stale, to readers who accept that while it is loaded anew.
 */
export type ChangeMode = "purge" | "stale";

/** A step of a source of changes: see `ChangeSource`. */
export interface SourceStep {
  /** Name of the source. */
  readonly name: string;
  /** Where the log must say that the source has been taken over to; `undefined`: it must say nothing. */
  readonly after: string | undefined;
  /** Where it is taken over to with this change. */
  readonly place: string;
}

/** What a node asks the log to append. */
export interface ChangeInput {
  /** Chosen by the writer, unique; it travels with the change to every node, socket and acknowledgement. */
  readonly changeId: string;
  /** The node that writes. */
  readonly origin: string;
  /** Every tag to move, subtree tags included. */
  readonly tags: readonly string[];
  readonly mode: ChangeMode;
  readonly events: readonly OutgoingEvent[];
  /** W3C `traceparent` of the write, if it had one. */
  readonly trace?: string | undefined;
  /** The writer waits until every node has applied the change: nodes acknowledge it at once. */
  readonly awaited?: boolean | undefined;
  /**
   * Set on a retry whose first attempt has an unknown outcome: a position from before that attempt. The log then looks
   * for `changeId` after it and answers the position found instead of appending twice.
   */
  readonly retryAfter?: Position | undefined;
  /**
   * Set on a change from a source: the log remembers the place in the same step. When the log stands at `place` already nothing is
   * appended; when it stands anywhere but `after` that is refused with `LIVE_SOURCE_MOVED`.
   */
  readonly source?: SourceStep | undefined;
}

/** One record of the log, as every node reads it. */
export interface ChangeRecord {
  readonly position: Position;
  /** Sequence of the record before this one, 0 for the first: a reader that stands elsewhere has missed something. */
  readonly previous: number;
  readonly changeId: string;
  readonly origin: string;
  readonly tags: readonly string[];
  readonly mode: ChangeMode;
  /** The channels that the change published events to. */
  readonly channels: readonly string[];
  readonly trace?: string | undefined;
  /** Whether somebody waits for its acknowledgement. Most records are not waited for. */
  readonly awaited?: true | undefined;
  /** What the record revokes, when it was appended by a `RevocationStore`. Most records revoke nothing. */
  readonly revoked?: readonly Revocation[] | undefined;
}

/**
 * What the tail tells its reader, strictly in the order of the log.
 *
 * - `start`: the tail stands at `position`; nothing before it will be told. Also told after any interruption in which
 *   records may have been missed: the reader then drops what it knew.
 * - `records`: the next records, oldest first.
 * - `heard`: at clock time `askedAtMs` (the injected monotonic clock, when the question was *sent*) the reader had been told
 *   everything that the log held.
 */
export type TailEvent =
  | { readonly type: "start"; readonly position: Position }
  | { readonly type: "records"; readonly records: readonly ChangeRecord[] }
  | { readonly type: "heard"; readonly askedAtMs: number };

/** Who follows the log. */
export interface TailReader {
  /** Name of the node, unique in the realm for the life of the process. */
  readonly node: string;
  /** Called in order, never concurrently, and must not throw. */
  readonly onEvent: (event: TailEvent) => void;
}

/** A running tail. Closing is idempotent; nothing is told after it resolves. */
export interface Tail {
  close(): Promise<void>;
}

/** An event as a subscriber of its channel receives it. */
export interface ChannelEvent {
  readonly channel: string;
  readonly name: string;
  readonly body: string;
  readonly cursor: Cursor;
  /** Position of the change that published it. */
  readonly position: Position;
  readonly changeId: string;
}

/** What is asked of a channel's history. */
export interface HistoryQuery extends HistoryBounds {
  /** Events after this one. */
  readonly after: Cursor;
  /** Most events to answer. */
  readonly limit: number;
  /** Most bytes of bodies to answer. */
  readonly maxBytes: number;
}

/** Why the events after a cursor cannot be told without a gap: see `ResyncReason`. */
export type HistoryGap = "expired" | "trimmed" | "overflow" | "epoch" | "lost";

/** A channel's events after a cursor, all of them and in order, or why not all can be told. */
export interface HistoryReply {
  /** Where the channel stands. */
  readonly cursor: Cursor;
  /** The log's end. */
  readonly position: Position;
  readonly events: readonly ChannelEvent[];
  /** Set when there is a gap; there are no events then. */
  readonly gap?: HistoryGap;
}

/** A running subscription to one channel. */
export interface Subscription {
  /** Where the channel stood when the subscription took effect: every later event is delivered. */
  readonly cursor: Cursor;
  /** The log's end at that moment. */
  readonly position: Position;
  /** What {@link ChangeLog.history} would have answered at that moment, when it was asked for. */
  readonly missed?: HistoryReply | undefined;
  close(): Promise<void>;
}

/** A question to {@link ChangeLog.judge}: has any of `tags` moved past `position`? */
export interface Claim {
  readonly position: Position;
  readonly tags: readonly string[];
}

/**
 * Answer to a claim. `"valid"`: no tag moved. `"stale"`: tags moved, and all those moves only made stale. `"changed"`: a tag was
 * purged; it also covers what cannot be proved: another epoch, or a tag the ground no longer knows.
 */
export type Verdict = "valid" | "stale" | "changed";

/**
 * The change log of one realm: the only clock, and the one corridor between nodes.
 *
 * **Order.** Sequence numbers are positive safe integers that only grow, also over restarts of the ground. Each record
 * names the sequence before it, so that a reader notices a hole.
 *
 * **Epoch.** A ground that finds its head missing (it is new, or lost its data) starts another epoch. Positions of an
 * older epoch are then void everywhere.
 *
 * **Failure.** Every method answers within the ground's deadline: it rejects with `LIVE_GROUND_AWAY` when the ground is
 * known to be away, `LIVE_GROUND_TIMEOUT` when it did not answer (the outcome is then *unknown*), `LIVE_GROUND_BUSY` when
 * too many calls are in flight, `LIVE_GROUND_REFUSED` when it does not let us, and `LIVE_CLOSED` after closing.
 */
export interface ChangeLog {
  /**
   * Appends one change and answers its position. In one atomic step the tags move to that position, the record is
   * appended, each touched channel's offset grows by one per event, and the events are published. A reader that sees
   * the record or an event sees the tags moved. A retry (`retryAfter`) of a change that is in the log appends nothing
   * and answers the position it has. So does a change of a source that the log has been taken over to: two appends of one
   * step make one record, whoever sends them. A change without tags and events is appended too.
   */
  append(change: ChangeInput): Promise<Position>;

  /** Answers where the log ends now. An empty log has a position too. */
  position(): Promise<Position>;

  /**
   * Answers how far a source has been taken over: the place of the last change of it, as that was appended; `undefined` when the log
   * does not know. A ground that loses its data loses places with it, or sets them back with it.
   */
  sourcePlace(name: string): Promise<string | undefined>;

  /**
   * Follows the log from its present end. The first event is `start`. Every record appended afterwards is told exactly
   * once and in order, or a new `start` says that some may be missing. While the ground answers, `heard` is told at
   * least every 500 ms; while it does not, nothing is told.
   */
  tail(reader: TailReader): Tail;

  /** Notes that `node` has applied everything up to `position`. */
  acknowledge(node: string, position: Position): Promise<void>;

  /** Names the live nodes that have a tail. One that was killed is named for a few seconds more. */
  nodes(): Promise<readonly string[]>;

  /** Answers how many live nodes have a tail and have not acknowledged `position`. */
  lagging(position: Position): Promise<number>;

  /**
   * Judges claims at the log's end: `"valid"` only if the epoch is the same and every tag is known not to have moved
   * past the claim's position, `"stale"` only if every tag is known not to have been purged past it. A tag that the ground
   * has no record of is `"changed"`.
   */
  judge(
    claims: readonly Claim[],
  ): Promise<{ readonly position: Position; readonly verdicts: readonly Verdict[] }>;

  /**
   * Delivers a channel's events in the order of their offsets, each with the position of its change. Offsets of one
   * channel are dense from 1 within the channel's epoch. After an interruption the subscription resumes by itself; a
   * gap shows in the offsets. With `missed` it answers in the same step what the history says to that.
   */
  subscribe(
    channel: string,
    onEvent: (event: ChannelEvent) => void,
    missed?: HistoryQuery,
  ): Promise<Subscription>;

  /** Answers where a channel stands: the cursor of its last event, or offset 0. */
  cursor(channel: string): Promise<Cursor>;

  /**
   * Answers all events after `after` that the channel had published when it was asked, in order and without a hole. Otherwise
   * there is a gap: `epoch` when the cursor is of another epoch, `lost` when it lies ahead of the channel, `expired` or `trimmed`
   * when events after it are not kept any more, `overflow` when there are more than `limit`, or more than `maxBytes`.
   */
  history(channel: string, query: HistoryQuery): Promise<HistoryReply>;

  /** Starts a new epoch if `from` is still the current one, and answers the epoch in force: every position of it is then void. */
  renewEpoch(from: string): Promise<string>;
}
