/** A session as it was when it was read. Its data is a copy: changing it changes nothing, {@link Sessions.save} does. */
export interface StoredSession {
  readonly id: string;
  /** Top-level properties, as JSON carries them. Has no prototype: `__proto__` is a name like others. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Whose it is; `undefined` before anybody has signed in. */
  readonly userId: string | undefined;
  /** Grows by one with each save. What was written by connect-redis and not saved since has version 0. */
  readonly version: number;
  /** Milliseconds since 1970, by the ground's clock; so are the others. */
  readonly createdAtMs: number;
  /** When its idle time last began anew: at most the budget of touches too early. */
  readonly seenAtMs: number;
  /** When it ends if nobody uses it. */
  readonly expiresAtMs: number;
  /** When it ends however much it is used; `undefined`: never. */
  readonly endsAtMs: number | undefined;
  /** Answered from this process because the ground is away: at most 60 s old, and it can only be read. */
  readonly isCopy: boolean;
  /** Has a new id since a moment ago ({@link Sessions.rotate}): as it was then, and it can only be read. */
  readonly isReplaced: boolean;
}

/** A session of a user, without its data. */
export interface SessionSummary {
  readonly id: string;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  readonly expiresAtMs: number;
}

/** How long a session lives, in whole milliseconds from 1 to 366 days. */
export interface SessionLife {
  /** Ends after so long without use. */
  readonly idleMs: number;
  /** Ends so long after it was created, however much it is used. Default: never. */
  readonly absoluteMs?: number | undefined;
}

/** What a session begins with. */
export interface CreateSession extends SessionLife {
  /** Default: empty. Properties that JSON leaves out, such as functions, are left out. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly userId?: string | undefined;
}

/** What {@link Sessions.save} changes. */
export interface SaveSession {
  /** Version of the session that the changes were made to. */
  readonly base: number;
  /** Top-level properties with new values. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  /** Names of top-level properties that go. */
  readonly remove?: readonly string[] | undefined;
  /** Whose it is from now on; `null`: nobody's. Default: as it was. At sign-in use {@link Sessions.rotate} instead. */
  readonly userId?: string | null | undefined;
  /** Idle time from now on. Default: as it was. A save is a use: the idle time begins anew. */
  readonly idleMs?: number | undefined;
  /**
   * `"merge"` (default): properties that are not named stay as others have saved them, and of two who save one property the last wins.
   * `"strict"`: nothing is saved when somebody else has changed one of the named properties since `base`.
   * `"exact"`: nothing is saved when anything was saved since `base`.
   */
  readonly mode?: "merge" | "strict" | "exact";
}

/** What {@link Sessions.rotate} does. */
export interface RotateSession {
  /** Whether the new session begins with the old one's data as it is in the ground now. Default `true`. */
  readonly carry?: boolean;
  /** Properties of the new session, over those that are carried. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  readonly remove?: readonly string[] | undefined;
  /** Whose the new one is; `null`: nobody's. Default: whose the old one is. */
  readonly userId?: string | null | undefined;
  /** Default: as of the old one. */
  readonly idleMs?: number | undefined;
  /** From now on. Default: the old one's end stays. */
  readonly absoluteMs?: number | undefined;
}

/** `"gone"`: there is no such session (any more), and none came of it. `"replaced"`: it got another id a moment ago; the same, but no attack. */
export type SessionGone = { readonly state: "gone" } | { readonly state: "replaced" };

/** How {@link Sessions.create} ended. */
export type CreateReply =
  | { readonly state: "created"; readonly version: number; readonly expiresAtMs: number }
  /** The id is taken, or was ended less than an hour ago. Nothing has happened. */
  | { readonly state: "taken" }
  | { readonly state: "ended" };

/** How {@link Sessions.save} ended. */
export type SaveReply =
  | { readonly state: "saved"; readonly version: number; readonly expiresAtMs: number }
  /** Nothing was saved: others have changed these named properties since `base`; none when it is about `"exact"`. */
  | { readonly state: "conflict"; readonly version: number; readonly fields: readonly string[] }
  | SessionGone;

/** How {@link Sessions.rotate} ended. */
export type RotateReply =
  | { readonly state: "rotated"; readonly version: number; readonly expiresAtMs: number }
  /** The new id is taken. Nothing has happened. */
  | { readonly state: "taken" }
  | SessionGone;

/** How {@link Sessions.touch} ended: alive, or not there. */
export type TouchReply = { readonly state: "alive"; readonly expiresAtMs: number } | SessionGone;

/** How {@link Sessions.update} ended. */
export type UpdateReply = { readonly state: "saved"; readonly session: StoredSession } | SessionGone;

/** Options of {@link Sessions.touch}. */
export interface TouchOptions {
  /** How much of the idle time may pass until a touch is written, 0 to 0.9. Default 0.1; at 0 each touch is written. */
  readonly budget?: number;
}

/** Options of {@link Sessions.takeOver}. */
export interface TakeOverOptions {
  /** What stands before the id in the keys of connect-redis. Default `"sess:"`. */
  readonly prefix?: string;
  /** Whose a session is, from its data: otherwise `of` and `endAll` do not know it before it is saved with a `userId`. */
  readonly userOf?: (data: Readonly<Record<string, unknown>>) => string | undefined;
}

/** Some sessions. */
export interface SessionPage {
  readonly sessions: readonly StoredSession[];
  /** Where the next page begins; `undefined`: this was the last. */
  readonly next: string | undefined;
}

/** What a node knows of sessions. */
export interface SessionsStatus {
  /** Copies kept for an outage, encrypted, and their bytes. */
  readonly copies: number;
  readonly copyBytes: number;
  /** Reads that were answered from a copy. */
  readonly answeredFromCopies: number;
  /** What was ended here and could not be told to the ground yet. */
  readonly pendingEnds: number;
  /** Touches that needed no write. */
  readonly sparedTouches: number;
}

/**
 * Sessions of one realm: what a cookie with a random id stands for. An id is 1 to 128 printable ASCII characters without spaces; it should
 * carry 128 random bits, and whoever makes it sees to that. A text that is no id is simply not there. At most 64 KiB of data, 256
 * properties with names of up to 256 bytes, and 100 sessions of one user: a further one ends the one that would expire first.
 *
 * **Atomic.** Each call decides in one step in the ground, by the ground's clock. Nothing is written under an id that was ended or has
 * expired: a late save is told `"gone"`.
 *
 * **While the ground is away** (`LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT`, `LIVE_GROUND_BUSY`): {@link Sessions.read} answers sessions that
 * this node has read within 60 s (`isCopy`), and rejects for all others: it never says that there is no session. Everything that writes
 * rejects; of `save`, `create` and `rotate` the outcome is unknown after `LIVE_GROUND_TIMEOUT`. {@link Sessions.end} and
 * {@link Sessions.endAll} reject as well, but hold on this node at once, and are repeated when the ground is back.
 */
export interface Sessions {
  /** Reads a session; `undefined` when there is none. Writes nothing, so it is no use: see {@link Sessions.touch}. */
  read(id: string): Promise<StoredSession | undefined>;
  /** Creates a session. Rejects with `LIVE_INPUT_INVALID`. */
  create(id: string, input: CreateSession): Promise<CreateReply>;
  /** Saves what has changed, and only that. Never creates a session. Rejects with `LIVE_INPUT_INVALID`, also when the data grows too large. */
  save(id: string, input: SaveSession): Promise<SaveReply>;
  /**
   * Reads a session, lets `change` alter a copy of its data, and saves the difference, anew for as long as others save in between (at most
   * 20 times, then `LIVE_LIMIT_REACHED`). `change` may run several times. When it changes nothing, nothing is written.
   */
  update(id: string, change: (data: Record<string, unknown>) => void | Promise<void>): Promise<UpdateReply>;
  /**
   * Says that a session is in use: its idle time, of `idleMs` from now on, begins anew. Asks the ground only when more than the budget has
   * passed since it last began, as far as this node has read; otherwise it answers at once.
   */
  touch(id: string, idleMs: number, options?: TouchOptions): Promise<TouchReply>;
  /**
   * Ends a session. Once it has resolved, no node answers it, and nothing is saved to it. Resolves with whether there was one. The change log
   * says so with the tag `session:<digest>` (`sessionTag`), so that its sockets end.
   */
  end(id: string): Promise<boolean>;
  /**
   * Gives a session a new id, as is due whenever somebody signs in, so that an id from before is worth nothing. In one step: the new one
   * is created; the old one is read-only as it was for 10 s, so that requests on their way go on, and then gone. Nothing of the new
   * one can be read or written through the old id.
   */
  rotate(oldId: string, newId: string, input: RotateSession): Promise<RotateReply>;
  /** The sessions of a user, those that expire last first. */
  of(userId: string): Promise<readonly SessionSummary[]>;
  /**
   * Signs a user out everywhere, `except` in one session. Once it has resolved, no node answers the others, also those that the index of the
   * user does not know any more. Resolves with how many were ended. The user's identity moves (`identityTag`), so that sockets and private
   * responses are looked at again.
   */
  endAll(userId: string, options?: { readonly except?: string | undefined }): Promise<number>;
  /**
   * Some sessions, at most `limit` (1 to 1,000, default 100; a ground may answer somewhat more or less). Whoever follows `next` to the
   * end is told each session that was there all the time at least once. What connect-redis wrote is not told.
   */
  page(from?: string, limit?: number): Promise<SessionPage>;
  /** All sessions, each once, by pages. */
  all(): AsyncIterable<StoredSession>;
  /** How many there are. What connect-redis wrote is not counted. */
  length(): Promise<number>;
  /** Ends all sessions that are there, by pages; resolves with how many. */
  clear(): Promise<number>;
  /**
   * From now on sessions that connect-redis wrote are answered where there is none of ours; the first save or touch takes them over, and
   * ending a session removes them. What connect-redis writes under an id that is ours, or was ended, is not read. It may be called by several stores, all with one prefix: of their functions `userOf` (at most 16) the first that names a user decides.
   *
   * @throws LiveError `LIVE_OPTIONS_INVALID`, also when it was called before with another prefix
   */
  takeOver(options?: TakeOverOptions): void;
  status(): SessionsStatus;
}
