import type { Cursor, ErrorCode } from "@livecache/wire";
import type { Identity } from "./identity.ts";

/** One socket, as rooms see it. Nothing of it throws. */
export interface Peer {
  /** Unique among all sockets of all nodes. */
  readonly id: string;
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  /** Who it is now; it may be somebody with other rights later, never another user. */
  identity(): Identity | undefined;
  /** Sends one frame. */
  emit(frame: string, ...args: readonly unknown[]): void;
  /** From now on the socket gets what is broadcast to the channel, and nothing from before. May be called again. */
  enter(channel: string): void;
  exit(channel: string): void;
  /** Says why, and ends the connection. */
  end(code: ErrorCode, message: string): void;
}

/**
 * Handles one frame of a socket. `request` is whatever the client sent. It rejects with a `LiveError` to refuse it; otherwise it calls
 * `answer` once, in the very turn in which what was asked for begins, so that the answer is sent before the first frame that
 * belongs to it.
 */
export type FrameHandler = (request: unknown, answer: (reply: object) => void) => Promise<void>;

/** What a room, or all of them, have with one socket. */
export interface Conversation {
  /** By the name of the frame. */
  readonly frames: Readonly<Record<string, FrameHandler>>;
  /** The socket is gone. Idempotent. */
  close(): void;
}

/** Something to be sent to every socket of this node that is in a channel at the time. */
export interface Broadcast {
  readonly channel: string;
  readonly frame: string;
  readonly args: readonly unknown[];
  /** The arguments as JSON, without brackets, where they are at hand: then `args` is made only when somebody asks. */
  readonly json?: string;
  /** Where the channel stands with it, for an event that is kept in the history. */
  readonly cursor?: Cursor;
  /**
   * `"reliable"`: part of a channel's events, never dropped without a word. `"latest"`: makes what was sent before under the same
   * `key` unnecessary. `"ephemeral"`: may be dropped for a socket that does not keep up.
   */
  readonly lane: "reliable" | "latest" | "ephemeral";
  readonly key?: string;
  /** The socket, or sockets, that need not be told, because it is from there. */
  readonly except?: string | readonly string[];
}
