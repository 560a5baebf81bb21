import type { JoinReply, ResyncFrame, StaleFrame, WatchReply } from "@livecache/wire";
import { createJoining } from "./joining.ts";
import type { JoiningParts } from "./joining.ts";
import { createWatching } from "./watching.ts";
import type { WatchingParts } from "./watching.ts";

/** What a door does for one socket. None of it may throw. */
export interface Outlet {
  stale(frame: StaleFrame): void;
  resync(frame: ResyncFrame): void;
  /** From now on the socket gets the channel's events. */
  enter(channel: string): void;
  exit(channel: string): void;
}

/**
 * One socket's conversation. A request is whatever the client sent. Methods reject with a `LiveError` when they refuse it, and never
 * throw. `answer` is called in the very turn in which the watch or membership begins, so that a door which passes
 * it on at once sends the answer before the first frame that belongs to it.
 */
export interface Connection {
  /** Follows what a response depends on: `LIVE_FRAME_INVALID`, `LIVE_TOKEN_INVALID`, `LIVE_LIMIT_REACHED`, or as the ground refuses. */
  watch(request: unknown, answer?: (reply: WatchReply) => void): Promise<void>;
  /** Stops following: `LIVE_FRAME_INVALID`. */
  unwatch(request: unknown): Promise<void>;
  /**
   * Joins a channel: `LIVE_FRAME_INVALID`, `LIVE_CHANNEL_UNKNOWN`, `LIVE_CHANNEL_REFUSED`, `LIVE_LIMIT_REACHED`, or as the ground
   * refuses. Joining again is allowed, asks `authorize` again, and answers where the channel stands now.
   */
  join(request: unknown, answer?: (reply: JoinReply) => void): Promise<void>;
  /** Leaves a channel, also one whose `join` is not answered yet: `LIVE_FRAME_INVALID`. */
  leave(request: unknown): Promise<void>;
  /** Ends all watches and memberships. Idempotent. */
  close(): void;
}

/** What a connection needs from its surroundings. */
export interface ConnectionParts
  extends Omit<WatchingParts, "onStale" | "onLimit">, Omit<JoiningParts, "member" | "onLimit"> {
  readonly outlet: Outlet;
  /** Told when a bound refuses something. */
  readonly onLimit: (what: "watch" | "join") => void;
  /** Told once, when the connection has been closed. */
  readonly onClose: () => void;
}

/** Makes the conversation of one socket. */
export function createConnection(parts: ConnectionParts): Connection {
  const { outlet } = parts;
  const watching = createWatching({ ...parts, onStale: (frame) => outlet.stale(frame) });
  const joining = createJoining({ ...parts, member: outlet });
  const nobody = (): void => undefined;
  let closed = false;
  return {
    watch: (request, answer = nobody) => watching.watch(request, answer),
    async unwatch(request) {
      watching.unwatch(request);
    },
    join: (request, answer = nobody) => joining.join(request, answer),
    async leave(request) {
      joining.leave(request);
    },
    close() {
      if (closed) return;
      closed = true;
      watching.close();
      joining.close();
      parts.onClose();
    },
  };
}
