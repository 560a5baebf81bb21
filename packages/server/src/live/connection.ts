import type { Cursor, SocketRow } from "@livecache/wire";
import type { Conversation, FrameHandler, Peer } from "../base/conversation.ts";
import { Joining } from "./joining.ts";
import type { JoiningParts } from "./joining.ts";
import { createWatching } from "./watching.ts";
import type { Watching, WatchingParts } from "./watching.ts";
import type { Whispers } from "./whispers.ts";

/** What a connection needs from its surroundings; all connections share it. */
export interface ConnectionParts
  extends Omit<WatchingParts, "peer" | "onLimit">, Omit<JoiningParts, "onLimit"> {
  readonly whispers: Whispers;
  /** Told when a bound refuses something. */
  readonly onLimit: (what: "watch" | "join") => void;
  /** Told once, when a connection has been closed. */
  readonly onClose: (connection: Connection) => void;
}

type Frames = Readonly<Record<"watch" | "unwatch" | "join" | "leave" | "whisper", FrameHandler>>;

/**
 * What live queries and channels have with one socket. Its frames are `watch`, `unwatch`, `join`, `leave` and `whisper`; each rejects
 * with a `LiveError` when it refuses:
 *
 * - `watch`: `LIVE_FRAME_INVALID`, `LIVE_TOKEN_INVALID`, `LIVE_LIMIT_REACHED`, or as the ground refuses.
 * - `join`: `LIVE_FRAME_INVALID`, `LIVE_CHANNEL_UNKNOWN`, `LIVE_CHANNEL_REFUSED`, `LIVE_LIMIT_REACHED`, or as the ground refuses. Joining
 *   again is allowed, asks `authorize` again, and answers where the channel stands now.
 * - `leave` also ends a `join` that is not answered yet.
 *
 * There are as many of them as sockets, so what a socket may never use is made when it is used.
 */
export class Connection implements Conversation {
  readonly #parts: ConnectionParts;
  readonly #peer: Peer;
  readonly #joining: Joining;
  #watching: Watching | undefined;
  #closed = false;

  constructor(parts: ConnectionParts, peer: Peer, maxChannels: number) {
    this.#parts = parts;
    this.#peer = peer;
    this.#joining = new Joining(parts, peer, maxChannels);
  }

  get frames(): Frames {
    return {
      watch: (request, answer) => this.#watches.watch(request, answer),
      unwatch: async (request, answer) => {
        this.#watches.unwatch(request);
        answer({});
      },
      join: (request, answer) => this.#joining.join(request, answer),
      leave: async (request, answer) => {
        this.#joining.leave(request);
        answer({});
      },
      whisper: this.#parts.whispers.handler(this.#peer, (channel) => this.isIn(channel)),
    };
  }

  /** Whether the socket is a member of the channel. */
  isIn(channel: string): boolean {
    return this.#joining.isIn(channel);
  }

  /** What operators see of it. */
  describe(): SocketRow {
    const { id, address, userAgent } = this.#peer;
    return {
      socketId: id,
      userId: this.#peer.identity()?.userId ?? null,
      address: address ?? null,
      userAgent: userAgent ?? null,
      channels: this.#joining.channels(),
      watches: this.#watching?.size() ?? 0,
    };
  }

  /** An operator ends it; the client may come back. */
  disconnect(): void {
    this.#peer.end("LIVE_DISCONNECTED", "An operator of the server has ended this connection.");
  }

  /** See {@link Joining.catchUp}. */
  catchUp(channel: string, after: Cursor, goLive: () => boolean): Promise<void> {
    return this.#joining.catchUp(channel, after, goLive);
  }

  /** The identity has changed: what it has no right to any more ends. */
  async reconsider(): Promise<void> {
    this.#watching?.reconsider();
    await this.#joining.reconsider();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watching?.close();
    this.#joining.close();
    this.#parts.onClose(this);
  }

  get #watches(): Watching {
    if (!this.#watching) {
      this.#watching = createWatching({ ...this.#parts, peer: this.#peer });
      if (this.#closed) this.#watching.close();
    }
    return this.#watching;
  }
}
