import { formatCursor, parseCursor } from "@livecache/wire";
import type {
  Ack,
  Cursor,
  EventMeta,
  JoinReply,
  LiveError,
  ResyncFrame,
  ResyncReason,
} from "@livecache/wire";
import { Backoff } from "./backoff.ts";
import type { Cancel, Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { Fence } from "./fence.ts";
import { follow } from "./follow.ts";
import { guard, report } from "./listeners.ts";
import { refusalError } from "./refusal.ts";
import type { Timing } from "./timing.ts";

/** Who listens to a channel, at the level below names and types. */
export interface ChannelListener {
  /** An event, each exactly once and in order. */
  event(name: string, body: unknown, meta: EventMeta): void;
  /** Events may be missing before this moment: reload what the channel told about. */
  resync?(reason: ResyncReason): void;
  /** The server refused the channel. It is asked again after the next reconnect. Without this method the error is reported. */
  error?(error: LiveError): void;
}

/** What all channels of a client share. */
export interface ChannelParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly fence: Fence;
}

/** Time after the last listener has left in which another may come without any traffic. */
const GRACE_MS = 100;

/**
 * One channel, joined once for all its listeners. It calls `onEnd` when it has been left and nobody listens.
 *
 * Phases: `out`; `joining` and `leaving` (a frame is under way, so nothing else is sent); `in`; `refused` (until the next reconnect or
 * listener). Losing the connection leads to `out` from anywhere; the cursor is kept, and presented when joining again.
 */
export class Channel {
  readonly #name: string;
  readonly #parts: ChannelParts;
  readonly #onEnd: () => void;
  readonly #backoff: Backoff;
  readonly #listeners = new Set<{ readonly listener: ChannelListener }>();
  #phase: "out" | "joining" | "in" | "leaving" | "refused" = "out";
  #cursor: Cursor | undefined;
  #grace: Cancel | undefined;
  /** Grows with each frame sent and each connection lost: answers to an older number are for nobody. */
  #turn = 0;

  constructor(name: string, parts: ChannelParts, onEnd: () => void) {
    this.#name = name;
    this.#parts = parts;
    this.#onEnd = onEnd;
    const { retryMinMs, retryMaxMs } = parts.timing;
    this.#backoff = new Backoff(parts.clock, { minMs: retryMinMs, maxMs: retryMaxMs });
  }

  /** Listens until the returned function is called. */
  add(listener: ChannelListener): Cancel {
    const entry = { listener };
    this.#listeners.add(entry);
    this.#endGrace();
    if (this.#phase === "refused") this.#phase = "out";
    this.#advance();
    return () => {
      if (this.#listeners.delete(entry) && this.#listeners.size === 0) this.#beginGrace();
    };
  }

  online(): void {
    this.#advance();
  }

  offline(): void {
    this.#turn++;
    this.#backoff.reset();
    this.#phase = "out";
    this.#advance();
  }

  /** An event of this channel has arrived. */
  event(name: string, body: unknown, meta: EventMeta): void {
    const cursor = parseCursor(meta.cursor);
    const step = cursor ? follow(this.#cursor, cursor) : "next";
    if (step === "duplicate") return;
    if (cursor) this.#cursor = cursor;
    this.#parts.fence.learn(meta.position);
    if (step !== "next") this.#tellResync(step);
    this.#tell((listener) => listener.event(name, body, meta));
  }

  /** The server says that events may be missing from here on. */
  resync({ cursor, position, reason = "lost" }: Partial<ResyncFrame>): void {
    this.#parts.fence.learn(position);
    const place = parseCursor(cursor);
    if (place) this.#cursor = place;
    this.#tellResync(reason);
  }

  /** Stops without a word to the server. */
  close(): void {
    this.#turn++;
    this.#listeners.clear();
    this.#endGrace();
    this.#backoff.reset();
  }

  /** Sends the frame that leads to what is wanted, unless one is under way. */
  #advance(): void {
    const wanted = this.#listeners.size > 0 || this.#grace !== undefined;
    const online = this.#parts.connection.isOnline;
    if (wanted && online && this.#phase === "out") this.#join();
    else if (!wanted && online && this.#phase === "in") this.#leave();
    else if (!wanted && (this.#phase === "out" || this.#phase === "refused")) this.#end();
  }

  #join(): void {
    const turn = ++this.#turn;
    const held = this.#cursor;
    this.#phase = "joining";
    const request = { channel: this.#name, ...(held && { cursor: formatCursor(held) }) };
    this.#parts.connection.request("join", request, (reply) => {
      if (turn === this.#turn) this.#joined(reply, held !== undefined);
    });
  }

  #joined(reply: Ack<JoinReply> | undefined, resuming: boolean): void {
    if (reply?.ok) {
      this.#phase = "in";
      this.#backoff.reset();
      this.#parts.fence.learn(reply.position);
      this.#cursor = parseCursor(reply.cursor);
      if (resuming && !reply.resumed) this.#tellResync(reply.reason ?? "lost");
      this.#advance();
    } else if (!reply || reply.retryable) {
      this.#phase = "out";
      this.#backoff.schedule(() => this.#advance());
    } else {
      this.#phase = "refused";
      this.#tellError(refusalError(reply, { channel: this.#name }));
      this.#advance();
    }
  }

  #leave(): void {
    const turn = ++this.#turn;
    this.#phase = "leaving";
    this.#parts.connection.request("leave", { channel: this.#name }, () => {
      if (turn !== this.#turn) return;
      this.#phase = "out";
      this.#advance();
    });
  }

  #end(): void {
    this.#backoff.reset();
    this.#onEnd();
  }

  #beginGrace(): void {
    this.#grace = this.#parts.clock.after(GRACE_MS, () => {
      this.#grace = undefined;
      this.#advance();
    });
  }

  #endGrace(): void {
    this.#grace?.();
    this.#grace = undefined;
  }

  #tellResync(reason: ResyncReason): void {
    this.#tell((listener) => listener.resync?.(reason));
  }

  #tellError(error: LiveError): void {
    this.#tell((listener) => (listener.error ? listener.error(error) : report(error)));
  }

  #tell(call: (listener: ChannelListener) => void): void {
    for (const entry of [...this.#listeners]) {
      if (this.#listeners.has(entry)) guard(() => call(entry.listener));
    }
  }
}
