/**
 * The frames of presence and of socket sessions. `docs/reference/wire-protocol.md` tells the conversation; this file is its types.
 *
 * Client to server, each acknowledged: `presence`, `presence-set`, `heartbeat`. Server to client: `presence-diff`.
 */

/** `"away"`: every connection of the user says so. Whoever is neither is gone, and not told of. */
export type PresenceState = "online" | "away";

/** A user who is in a channel, however many connections that takes. */
export interface PresentUser {
  readonly userId: string;
  readonly state: PresenceState;
  /** What the user's client said last of itself; absent when it said nothing. */
  readonly meta?: unknown;
}

/** `presence`: who is in a channel that the socket is in? */
export interface PresenceRequest {
  readonly channel: string;
  /** `next` of the page before. */
  readonly after?: string;
  /** Most users to answer, 1 to 200. Default 200. */
  readonly limit?: number;
}

/** Answer to `presence`: users in the order of their ids. */
export interface PresenceReply {
  readonly channel: string;
  /** `<epoch>-<number>`; a {@link PresenceDiffFrame} that goes on from here says so in `from`. */
  readonly version: string;
  /** How many users are there in all. */
  readonly count: number;
  readonly users: readonly PresentUser[];
  /** Ask for the next page with it; absent on the last one. */
  readonly next?: string;
  /** The server cannot reach the ground: this is what it knew last. */
  readonly stale?: true;
}

/** `presence-set`: what this connection says of its user. What is absent stays as it was. */
export interface PresenceSetRequest {
  /** Absent: everywhere, also in channels that are joined later. */
  readonly channel?: string;
  readonly state?: PresenceState;
  /** At most 1 KiB of JSON; `null` takes it back. */
  readonly meta?: unknown;
}

/**
 * `presence-diff`: who came and went. Whoever holds version `from` holds `version` after it; whoever holds another asks for the first page
 * again, and whoever holds `version` already has nothing to do. Above 200 users there are no lists and no `from`: only the count, and
 * whoever is told so holds no version any more.
 */
export interface PresenceDiffFrame {
  readonly channel: string;
  readonly version: string;
  readonly count: number;
  readonly from?: string;
  readonly joined?: readonly PresentUser[];
  /** Ids of users who are gone. */
  readonly left?: readonly string[];
  /** Users whose state or meta is another now. */
  readonly changed?: readonly PresentUser[];
  /** `true`: the server cannot reach the ground, and tells nothing more until it says `false`. Absent: as before. */
  readonly stale?: boolean;
}

/** Answer to `heartbeat`. */
export interface HeartbeatReply {
  /** The server's time, in ISO 8601. */
  readonly at: string;
}
