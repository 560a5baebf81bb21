/**
 * What the change trace tells, as JSON: `docs/concepts/trace.md`. Instants are the ground's date, in milliseconds since 1970, so that
 * those of several nodes can be compared; durations are milliseconds.
 */

/** The write that a change began with, on the node that made it. */
export interface TrailWrite {
  readonly atMs: number;
  /** How long until it stood in the log, or in the node's journal. */
  readonly ms: number;
  readonly scope: "cluster" | "local";
  readonly events: readonly { readonly channel: string; readonly name: string }[];
}

/** Watched responses that a change made stale on one node. */
export interface TrailTold {
  readonly atMs: number;
  readonly queries: number;
  readonly watchers: number;
  /** Of the first few responses. */
  readonly keys: readonly string[];
}

/** An event of a change, handed to the members of its channel on one node. */
export interface TrailEvent {
  readonly atMs: number;
  readonly channel: string;
  readonly name: string;
  readonly members: number;
}

/** The first answer, after a change, to a reader of something that the change had made void. */
export interface TrailRead {
  readonly atMs: number;
  readonly key: string;
  /** Why it was answered as it was: a word of the closed list in `docs/concepts/why.md`. */
  readonly reason: string;
  /** How long the reader waited. */
  readonly ms: number;
}

/** What became of one change on one node. */
export interface Trail {
  readonly changeId: string;
  /** `epoch.sequence`; absent while it waits for the ground. */
  readonly position?: string;
  /** The node that made it. */
  readonly origin?: string;
  /** How many tags moved, and the first of them. */
  readonly tagCount: number;
  readonly tags: readonly string[];
  /** Set on the node that made it. */
  readonly write?: TrailWrite;
  /** When this node had applied it; from then on it answers nothing older. */
  readonly appliedAtMs?: number;
  /** Entries that were found void because of it so far. */
  readonly dropped: number;
  readonly told?: TrailTold;
  /** Watchers that have come back with a newer response so far. */
  readonly watchedAgain?: { readonly count: number; readonly lastAtMs: number };
  readonly events: readonly TrailEvent[];
  readonly firstRead?: TrailRead;
}

/** One change on all nodes: see `live.trace`. */
export interface ChangeTrace {
  readonly changeId: string;
  /** What each node has to say. A node that never heard of the change is not among them. */
  readonly nodes: readonly ({ readonly node: string } & Trail)[];
  /** Live nodes that did not answer in time. */
  readonly missing: readonly string[];
}
