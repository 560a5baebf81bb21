/**
 * The frames of messages and of typing. `docs/reference/wire-protocol.md` tells the conversation; this file is its types.
 *
 * Client to server, each acknowledged: `send`, `typing`. Server to client: `typing`.
 */

/** `send`: a message of the contract, from a member of a channel to the server. */
export interface SendRequest {
  readonly channel: string;
  readonly name: string;
  readonly data: unknown;
  /**
   * Chosen by the client, at most 64 characters: what was sent before by the same user under the same id is not handled again, and gets
   * the same answer. Without it every frame is handled.
   */
  readonly id?: string;
}

/** Answer to `send`: what the handler answered. */
export interface SendReply {
  /** Absent when the handler answered nothing. */
  readonly data?: unknown;
}

/** `typing` to the server: the user of this socket types in a channel, or types no more. Say `on` again while it goes on: it ends after 5 s. */
export interface TypingRequest {
  readonly channel: string;
  readonly on: boolean;
}

/** `typing` to a member of a channel: who types there now, without the member itself. Replaces what was told before. */
export interface TypingFrame {
  readonly channel: string;
  /** At most 50, in the order of their ids. */
  readonly users: readonly string[];
  /** How many there are besides; absent for none. */
  readonly more?: number;
}
