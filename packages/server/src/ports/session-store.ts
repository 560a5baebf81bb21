import type { Position } from "@livecache/wire";

/** A top-level property of a session: its name, and its value as JSON. */
export type SessionField = readonly [name: string, json: string];

/** A session as the ground keeps it. Instants are milliseconds since 1970 by the ground's clock. */
export interface SessionRecord {
  readonly id: string;
  readonly fields: readonly SessionField[];
  readonly userId: string | undefined;
  readonly version: number;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  readonly idleMs: number;
  readonly expiresAtMs: number;
  /** When it ends however much it is used. */
  readonly endsAtMs: number | undefined;
  /** What is left until it expires, when this was answered. */
  readonly leftMs: number;
  readonly isReplaced: boolean;
}

/** `"absent"`: nothing is known of it. `"ended"`: it was ended lately, its user was signed out, or it was replaced long enough ago. */
export type SessionMissing = { readonly state: "absent" } | { readonly state: "ended" };

/** A session that was replaced less than {@link REPLACED_MS} ago can only be read. */
export type SessionClosed = SessionMissing | { readonly state: "replaced" };

/** The answer to {@link SessionStore.read}. */
export type SessionReply = { readonly state: "here"; readonly record: SessionRecord } | SessionMissing;

/** The record that an ending appends to the change log. */
export interface SessionEnding {
  readonly changeId: string;
  readonly origin: string;
  /** The tags that move with it. */
  readonly tags: readonly string[];
  /** Told before the call resolves: the record stands at `position`. */
  readonly onAppended?: ((position: Position) => void) | undefined;
}

/** What {@link SessionStore.create} takes. */
export interface SessionCreation {
  readonly id: string;
  readonly fields: readonly SessionField[];
  readonly userId: string | undefined;
  readonly idleMs: number;
  readonly absoluteMs: number | undefined;
  /** Comes from another store: refused once its user has been signed out everywhere. */
  readonly isForeign: boolean;
}

/** What {@link SessionStore.save} takes. */
export interface SessionPatch {
  readonly id: string;
  readonly base: number;
  readonly mode: "merge" | "strict" | "exact";
  readonly set: readonly SessionField[];
  readonly remove: readonly string[];
  /** `undefined`: as it was; `null`: nobody's. */
  readonly userId: string | null | undefined;
  /** `undefined`: as it was. */
  readonly idleMs: number | undefined;
}

/** What {@link SessionStore.rotate} takes; what is `undefined` stays as it was. */
export interface SessionRotation {
  readonly oldId: string;
  readonly newId: string;
  readonly carry: boolean;
  readonly set: readonly SessionField[];
  readonly remove: readonly string[];
  readonly userId: string | null | undefined;
  readonly idleMs: number | undefined;
  readonly absoluteMs: number | undefined;
  readonly ending: SessionEnding;
}

/** A session that was written. */
export interface SessionWritten {
  readonly version: number;
  readonly expiresAtMs: number;
  /** Sessions of the same user beyond {@link MAX_SESSIONS_PER_USER}, those that expire first: the caller ends them. */
  readonly beyond: readonly string[];
}

/** It would have more than {@link MAX_SESSION_BYTES} or {@link MAX_SESSION_FIELDS}. */
export interface SessionFull {
  readonly state: "full";
  readonly bytes: number;
  readonly fields: number;
}

export type SessionCreated =
  ({ readonly state: "created" } & SessionWritten) | { readonly state: "taken" | "ended" };

export type SessionSaved =
  | ({ readonly state: "saved" } & SessionWritten)
  | { readonly state: "conflict"; readonly version: number; readonly fields: readonly string[] }
  | SessionFull
  | SessionClosed;

export type SessionRotated =
  | ({ readonly state: "rotated" } & SessionWritten)
  | { readonly state: "taken" }
  | SessionFull
  | SessionClosed;

export type SessionTouched =
  | {
      readonly state: "alive";
      readonly seenAtMs: number;
      readonly expiresAtMs: number;
      readonly nowMs: number;
    }
  | SessionClosed;

/** A user was signed out everywhere. */
export interface SessionsEnded {
  /** How many sessions were ended. */
  readonly count: number;
  /** When that was, by the ground's clock. */
  readonly atMs: number;
}

/** Some sessions, and where the next begin. */
export interface SessionRecords {
  readonly records: readonly SessionRecord[];
  readonly next: string | undefined;
}

/** What connect-redis keeps under a key. */
export interface ForeignSession {
  readonly json: string;
  /** What is left of it; `undefined` when it does not expire. */
  readonly leftMs: number | undefined;
}

/** Most bytes of a session: names and JSON of its properties. */
export const MAX_SESSION_BYTES = 65_536;

/** Most properties of a session. */
export const MAX_SESSION_FIELDS = 256;

/** Most sessions of one user. */
export const MAX_SESSIONS_PER_USER = 100;

/** How long a session can still be read under an id that was replaced. */
export const REPLACED_MS = 10_000;

/** How long it is known of an id that it was ended: nothing is created under it meanwhile. */
export const ENDED_KEPT_MS = 3_600_000;

/** Most ids of one {@link SessionStore.end}. */
export const MAX_ENDED_AT_ONCE = 100;

/**
 * The sessions of one realm. Each method decides in one atomic step, by the ground's own clock.
 *
 * A user has a *round*, which is another one after {@link SessionStore.endAll}: a session of an earlier round is over, whatever else is
 * known of it. When the round is lost, the list of the user's sessions decides; when the list is lost, the round does. So the loss of any
 * one key neither brings a session back nor ends one, but for the session that the key is.
 *
 * **Failure.** As the change log's: `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT` (it may have happened), `LIVE_GROUND_BUSY`,
 * `LIVE_GROUND_REFUSED`, `LIVE_CLOSED`.
 */
export interface SessionStore {
  read(id: string): Promise<SessionReply>;
  /** Creates it, with version 1, if nothing is known of the id. */
  create(input: SessionCreation): Promise<SessionCreated>;
  /** Changes an existing one. The fields of a conflict are those of the named ones that others changed since `base`. */
  save(input: SessionPatch): Promise<SessionSaved>;
  /** Begins the idle time anew; writes nothing when less than `budget` of an equal idle time has passed. */
  touch(input: {
    readonly id: string;
    readonly idleMs: number;
    readonly budget: number;
  }): Promise<SessionTouched>;
  /** Ends sessions, known or not, and appends one record; answers how many were there. */
  end(ids: readonly string[], ending: SessionEnding): Promise<number>;
  /** Creates the new one, closes the old one, and appends one record. */
  rotate(input: SessionRotation): Promise<SessionRotated>;
  /** The sessions of a user without their fields, those that expire last first. */
  of(userId: string): Promise<readonly SessionRecord[]>;
  /** Begins another round of a user, ends all sessions that are known but one, and appends one record. */
  endAll(input: {
    readonly userId: string;
    readonly except: string | undefined;
    readonly ending: SessionEnding;
  }): Promise<SessionsEnded>;
  /** About `limit` sessions. Who follows `next` from the beginning to the end is told each that was there all the time. */
  page(from: string | undefined, limit: number): Promise<SessionRecords>;
  length(): Promise<number>;
  /** Reads what connect-redis keeps under `key`, if this ground knows such a thing. */
  readForeign(key: string): Promise<ForeignSession | undefined>;
  /** Lets it live for at most so long; 0 removes it. */
  limitForeign(key: string, leftMs: number): Promise<void>;
}
