import type { ChangeInput } from "./change-log.ts";

/** A change that a source hands over, and the place of the source behind it. */
export interface SourceChange extends Pick<ChangeInput, "changeId" | "tags" | "mode" | "events" | "trace"> {
  /** Where the source goes on after this change: 1 to 4,096 characters without a line end. No two changes of a source share one. */
  readonly place: string;
}

/** A record of which no change could be made. */
export interface PoisonRecord {
  /** Where the source goes on after it. */
  readonly place: string;
  /** What it is, for whoever has to find it: a table and a key, the id of a row. */
  readonly record: string;
  readonly error: unknown;
}

/** Changes that a source cannot hand over any more. */
export interface SourceGap {
  /** Where it goes on. */
  readonly place: string;
  /** Why, for people. */
  readonly reason: string;
}

/**
 * Takes over what one source hands to it. Calls are made one after the other. Each waits while the ground is away, for as long
 * as that takes: a source holds back meanwhile. Each rejects with `LIVE_CLOSED` when this node ends, and with `LIVE_SOURCE_MOVED`
 * when the log has been taken further by another node, or was set back: the source then asks for {@link place} and begins from there.
 */
export interface ChangeSink {
  /** Where the log says that this source has been taken over to; `undefined` when it says nothing: it is new, or has lost its data. */
  place(): Promise<string | undefined>;

  /**
   * Takes changes over, in this order. When it resolves all of them stand in the log, and the place of the last is remembered in
   * the same step as that change: the source may now forget them. When it rejects, those up to {@link place} stand there.
   */
  take(changes: readonly SourceChange[]): Promise<void>;

  /** Says that changes may be missing before `place`: everything that is cached is forgotten, and clients load anew. */
  gap(gap: SourceGap): Promise<void>;

  /** Reports a record that is of no use, and passes over it. Rejects with `LIVE_SOURCE_STOPPED` when the source is to stop there. */
  refuse(poison: PoisonRecord): Promise<void>;

  /** Says how the source is, for status and warnings: nothing depends on it. */
  tell(news: SourceNews): void;
}

/**
 * How a source is. `waiting`: another process hands over what there is. `running`: what is written is handed over. `away`: it cannot be
 * read, and is tried again. `stopped`: it will not be tried again by itself.
 */
export type SourceNews =
  { readonly state: "waiting" | "running" } | { readonly state: "away" | "stopped"; readonly error: unknown };

/** A source that has been opened. */
export interface RunningSource {
  /** Looks for something new at once, for sources that otherwise look now and then. */
  wake?(): void;
  /** Ends it: nothing is handed over after it resolves. Idempotent. It does not wait for the ground. */
  close(): Promise<void>;
}

/**
 * A place outside Livecache where changes are committed durably: a table, the log of a database.
 *
 * **Order.** Every committed change is handed over, each after whatever it could have seen, and never one of a transaction
 * that did not commit.
 *
 * **Place.** It begins after what {@link ChangeSink.place} answers, so nothing that the log has is handed over again. When that is
 * `undefined` it begins after what it knows to have been taken over. When neither can be done it says so with
 * {@link ChangeSink.gap} first.
 *
 * **Failure.** A source that cannot be reached is tried again until it is closed, with pauses; opening never fails for that. What is
 * wrong with a record is the sink's to decide; a source never passes over one by itself.
 *
 * **One of many.** Several processes may open the same source. It sees to it that one of them works and another takes over when that
 * one is gone; while two believe it is them, the sink takes each change from one.
 */
export interface ChangeSource {
  /** 1 to 64 letters, digits, `_` and `-`: the log remembers places under it. */
  readonly name: string;
  /** Begins in the background. */
  open(sink: ChangeSink): RunningSource;
}
