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
import { Audience, report } from "./audience.ts";
import { Backoff } from "./backoff.ts";
import type { ClientParts } from "./client-parts.ts";
import type { Cancel } from "./clock.ts";
import { follow } from "./follow.ts";
import { refusalError } from "./refusal.ts";

/** Who listens to a channel, at the level below names and types. */
export interface ChannelListener {
  /** An event, each exactly once and in order. */
  event(name: string, body: unknown, meta: EventMeta): void;
  /** Events may be missing before this moment: reload what the channel told about. */
  resync?(reason: ResyncReason): void;
  /** The server refused the channel. It is asked again after the next reconnect. Without this method the error is reported. */
  error?(error: LiveError): void;
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
  readonly #parts: ClientParts;
  readonly #onEnd: () => void;
  readonly #backoff: Backoff;
  readonly #disconnect: Cancel;
  readonly #listeners = new Audience<ChannelListener>();
  #phase: "out" | "joining" | "in" | "leaving" | "refused" = "out";
  #cursor: Cursor | undefined;
  #grace: Cancel | undefined;
  /** Grows with each frame sent and each connection lost: answers to an older number are for nobody. */
  #turn = 0;

  constructor(name: string, parts: ClientParts, onEnd: () => void) {
    this.#name = name;
    this.#parts = parts;
    this.#onEnd = onEnd;
    this.#backoff = new Backoff(parts.clock, parts.timing);
    this.#disconnect = parts.connection.addUser({
      online: () => this.#advance(),
      offline: () => this.#offline(),
      arrived: (event, body, meta) => this.#arrived(event, body, meta),
    });
  }

  /** Listens until the returned function is called. */
  add(listener: ChannelListener): Cancel {
    const remove = this.#listeners.add(listener);
    this.#endGrace();
    if (this.#phase === "refused") this.#phase = "out";
    this.#advance();
    return () => {
      if (remove() && this.#listeners.size === 0) this.#beginGrace();
    };
  }

  /** Stops, without a word to the server. */
  close(): void {
    this.#disconnect();
    this.#endGrace();
    this.#backoff.reset();
  }

  #offline(): void {
    this.#turn++;
    this.#backoff.reset();
    this.#phase = "out";
    this.#advance();
  }

  /** Anything that the server sends; what concerns this channel names it. */
  #arrived(name: string, body: unknown, meta: unknown): void {
    if (name === "resync") {
      const frame = (body ?? {}) as Partial<ResyncFrame>;
      if (frame.channel === this.#name) this.#resync(frame);
    } else {
      const event = (meta ?? {}) as EventMeta;
      if (event.channel === this.#name) this.#event(name, body, event);
    }
  }

  #event(name: string, body: unknown, meta: EventMeta): void {
    const cursor = parseCursor(meta.cursor);
    const step = cursor ? follow(this.#cursor, cursor) : "next";
    if (step === "duplicate") return;
    if (cursor) this.#cursor = cursor;
    this.#parts.fence.learn(meta.position);
    if (step !== "next") this.#tellResync(step);
    this.#listeners.tell((listener) => listener.event(name, body, meta));
  }

  /** The server says that events may be missing from here on. */
  #resync({ cursor, position, reason = "lost" }: Partial<ResyncFrame>): void {
    this.#parts.fence.learn(position);
    this.#cursor = parseCursor(cursor) ?? this.#cursor;
    this.#tellResync(reason);
  }

  /** Sends the frame that leads to what is wanted, unless one is under way. */
  #advance(): void {
    const wanted = this.#listeners.size > 0 || this.#grace !== undefined;
    const online = this.#parts.connection.isOnline;
    if (wanted && online && this.#phase === "out") this.#join();
    else if (!wanted && online && this.#phase === "in") this.#leave();
    else if (!wanted && (this.#phase === "out" || this.#phase === "refused")) this.#onEnd();
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
      const error = refusalError(reply, { channel: this.#name });
      this.#listeners.tell((listener) => (listener.error ? listener.error(error) : report(error)));
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
    this.#listeners.tell((listener) => listener.resync?.(reason));
  }
}
