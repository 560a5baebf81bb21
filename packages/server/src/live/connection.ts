import type { Cursor } from "@livecache/wire";
import type { Conversation, FrameHandler } from "../base/conversation.ts";
import { createJoining } from "./joining.ts";
import type { JoiningParts } from "./joining.ts";
import { createWatching } from "./watching.ts";
import type { WatchingParts } from "./watching.ts";
import type { Whispers } from "./whispers.ts";

/**
 * What live queries and channels have with one socket. Its frames are `watch`, `unwatch`, `join`, `leave` and `whisper`; each rejects
 * with a `LiveError` when it refuses:
 *
 * - `watch`: `LIVE_FRAME_INVALID`, `LIVE_TOKEN_INVALID`, `LIVE_LIMIT_REACHED`, or as the ground refuses.
 * - `join`: `LIVE_FRAME_INVALID`, `LIVE_CHANNEL_UNKNOWN`, `LIVE_CHANNEL_REFUSED`, `LIVE_LIMIT_REACHED`, or as the ground refuses. Joining
 *   again is allowed, asks `authorize` again, and answers where the channel stands now.
 * - `leave` also ends a `join` that is not answered yet.
 */
export interface Connection extends Conversation {
  readonly frames: Readonly<Record<"watch" | "unwatch" | "join" | "leave" | "whisper", FrameHandler>>;
  /** Whether the socket is a member of the channel. */
  isIn(channel: string): boolean;
  /** See `Joining.catchUp`. */
  catchUp(channel: string, after: Cursor, onLive: () => void): Promise<void>;
  /** The identity has changed: what it has no right to any more ends. */
  reconsider(): Promise<void>;
}

/** What a connection needs from its surroundings. */
export interface ConnectionParts extends Omit<WatchingParts, "onLimit">, Omit<JoiningParts, "onLimit"> {
  readonly whispers: Whispers;
  /** Told when a bound refuses something. */
  readonly onLimit: (what: "watch" | "join") => void;
  /** Told once, when the connection has been closed. */
  readonly onClose: () => void;
}

/** Makes the conversation of one socket. */
export function createConnection(parts: ConnectionParts): Connection {
  const watching = createWatching(parts);
  const joining = createJoining(parts);
  let closed = false;
  return {
    frames: {
      watch: (request, answer) => watching.watch(request, answer),
      async unwatch(request, answer) {
        watching.unwatch(request);
        answer({});
      },
      join: (request, answer) => joining.join(request, answer),
      async leave(request, answer) {
        joining.leave(request);
        answer({});
      },
      whisper: parts.whispers.handler(parts.peer, joining.isIn),
    },
    isIn: joining.isIn,
    catchUp: joining.catchUp,
    async reconsider() {
      watching.reconsider();
      await joining.reconsider();
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
