import { formatCursor, parseCursor } from "@livecache/wire";
import type { Ack, Cursor, EventMeta, JoinReply, LiveError, Refusal, ResyncReason } from "@livecache/wire";
import { Audience, report } from "./audience.ts";
import { createBackoff } from "./backoff.ts";
import type { Backoff } from "./backoff.ts";
import type { ClientParts } from "./client-parts.ts";
import type { Cancel } from "./clock.ts";
import { follow } from "./follow.ts";
import { mayPass, refusalError } from "./refusal.ts";
import { createSender } from "./sender.ts";
import type { Outgoing, Sender } from "./sender.ts";

/** Who listens to a channel, at the level below names and types. */
export interface ChannelListener {
  /**
   * An event, each exactly once and in order; or a whisper. A whisper has no cursor, and neither has an event that the server told while it
   * could not reach the ground: its place among the others is not known yet.
   */
  event(name: string, body: unknown, meta: EventMeta): void;
  /** Events may be missing before this moment: reload what the channel told about. */
  resync?(reason: ResyncReason): void;
  /** The server refused the channel, or has put this client out. It is asked again after the next reconnect. Without this method the error is reported. */
  error?(error: LiveError): void;
  /** The client is in the channel, for the first time or again. */
  joined?(): void;
  /** It is not any more: offline, or put out. */
  lost?(): void;
  /** Where to begin when nobody has listened before; absent: now. */
  readonly cursor?: string;
  /** A frame of the protocol that names the channel: `presence-diff`, `typing` ... */
  frame?(name: string, body: unknown): void;
}

/** One channel, joined once for all its listeners. */
export interface Channel {
  /** Listens until the returned function is called. */
  add(listener: ChannelListener): Cancel;
  /** Sends a frame that need not arrive, if we are in. A refusal is reported. */
  tell(frame: string, body: object): void;
  /** Sends a message as soon as the channel is joined; until it is answered the channel is not left. */
  send(outgoing: Outgoing): void;
  /** Stops, without a word to the server; what waits to be sent fails with `error`. */
  close(error: LiveError): void;
}

/** Time after the last listener has left in which another may come without any traffic. */
const GRACE_MS = 100;

/** As many as the changes that a server keeps while it cannot reach the ground. */
const MOST_EARLY = 10_000;

/**
 * Makes a channel. It calls `onEnd` when it has been left and nobody listens.
 *
 * Phases: `out`; `joining` and `leaving` (a frame is under way, so nothing else is sent); `in`; `refused` (until the next reconnect or
 * listener). Losing the connection leads to `out` from anywhere; the cursor is kept, and presented when joining again.
 */
export function createChannel(name: string, parts: ClientParts, onEnd: () => void): Channel {
  return new JoinedChannel(name, parts, onEnd);
}

/** One channel, as `createChannel` makes it. */
class JoinedChannel implements Channel {
  readonly #name: string;
  readonly #parts: ClientParts;
  readonly #onEnd: () => void;
  readonly #backoff: Backoff;
  readonly #listeners = new Audience<ChannelListener>();
  readonly #sender: Sender;
  readonly #disconnect: Cancel;
  /** Changes of which an event came without a cursor: it comes once more, with its place. */
  readonly #early: string[] = [];
  #phase: "out" | "joining" | "in" | "leaving" | "refused" = "out";
  #cursor: Cursor | undefined;
  #grace: Cancel | undefined;
  /** Grows with each frame sent and each connection lost: answers to an older number are for nobody. */
  #turn = 0;

  constructor(name: string, parts: ClientParts, onEnd: () => void) {
    this.#name = name;
    this.#parts = parts;
    this.#onEnd = onEnd;
    this.#backoff = createBackoff(parts.clock, parts.timing);
    this.#sender = createSender(parts, () => this.#advance());
    this.#disconnect = parts.connection.addUser({
      online: () => this.#advance(),
      offline: () => {
        this.#lose("out");
        this.#advance();
      },
      arrived: (event, body, meta) => this.#arrived(event, body, meta),
    });
  }

  add(listener: ChannelListener): Cancel {
    const remove = this.#listeners.add(listener);
    this.#endGrace();
    this.#cursor ??= parseCursor(listener.cursor);
    if (this.#phase === "in") listener.joined?.();
    this.#need();
    return () => {
      if (!remove() || this.#listeners.size > 0) return;
      this.#grace = this.#parts.clock.after(GRACE_MS, () => {
        this.#grace = undefined;
        this.#advance();
      });
    };
  }

  send(outgoing: Outgoing): void {
    this.#sender.push(outgoing);
    this.#need();
  }

  tell(frame: string, body: object): void {
    if (this.#phase !== "in") return;
    const said = { channel: this.#name, ...body };
    this.#parts.connection.request(frame, said, (reply) => {
      if (reply && !reply.ok && !mayPass(reply)) report(refusalError(frame, reply, said));
    });
  }

  close(error: LiveError): void {
    this.#disconnect();
    this.#endGrace();
    this.#lose("out");
    this.#sender.refuse(error);
  }

  /** Anything that the server sends. Before the answer to `join`, it is for another tab that uses the same socket. */
  #arrived(name: string, body: unknown, meta: unknown): void {
    if (this.#phase !== "in") return;
    if (this.#isMine(meta)) this.#hear(name, body, meta as EventMeta);
    else if (this.#isMine(body)) this.#heed(name, body as JoinReply & Refusal);
  }

  #isMine(named: unknown): boolean {
    return (named as { readonly channel?: unknown } | null | undefined)?.channel === this.#name;
  }

  #lose(next: "out" | "refused"): void {
    if (this.#phase === "in") this.#listeners.tell((listener) => listener.lost?.());
    this.#turn++;
    this.#backoff.reset();
    this.#sender.pause();
    this.#phase = next;
  }

  /** An event or a whisper. */
  #hear(event: string, body: unknown, meta: EventMeta): void {
    const at = parseCursor(meta.cursor);
    const step = at ? follow(this.#cursor, at) : "next";
    if (step === "duplicate") return;
    if (at) this.#cursor = at;
    this.#parts.fence.learn(meta.position);
    if (step !== "next") this.#tellResync(step);
    if (at) {
      const index = this.#early.indexOf(meta.changeId);
      if (index >= 0) return void this.#early.splice(index, 1);
    } else if (meta.changeId && this.#early.push(meta.changeId) > MOST_EARLY) {
      this.#early.shift();
    }
    this.#listeners.tell((listener) => listener.event(event, body, meta));
  }

  /** A frame of the protocol. */
  #heed(frame: string, body: JoinReply & Refusal): void {
    if (frame === "resync") {
      this.#parts.fence.learn(body.position);
      this.#cursor = parseCursor(body.cursor) ?? this.#cursor;
      this.#tellResync(body.reason ?? "lost");
    } else if (frame === "left") {
      this.#refuse(body);
    } else {
      this.#listeners.tell((listener) => listener.frame?.(frame, body));
    }
  }

  #tellResync(reason: ResyncReason): void {
    this.#listeners.tell((listener) => listener.resync?.(reason));
  }

  /** Sends the frame that leads to what is wanted, unless one is under way. */
  #advance(): void {
    const wanted = this.#listeners.size > 0 || this.#grace || !this.#sender.isEmpty;
    const { isOnline } = this.#parts.connection;
    if (wanted && isOnline && this.#phase === "out") this.#join();
    else if (!wanted && isOnline && this.#phase === "in") this.#leave();
    else if (!wanted && (this.#phase === "out" || this.#phase === "refused")) this.#onEnd();
  }

  #join(): void {
    const mine = ++this.#turn;
    const held = this.#cursor;
    this.#phase = "joining";
    const request = { channel: this.#name, ...(held && { cursor: formatCursor(held) }) };
    this.#parts.connection.request<JoinReply>("join", request, (reply) => {
      if (mine === this.#turn) this.#joined(reply, held);
    });
  }

  #joined(reply: Ack<JoinReply> | undefined, held: Cursor | undefined): void {
    if (reply?.ok) {
      this.#phase = "in";
      this.#backoff.reset();
      this.#parts.fence.learn(reply.position);
      this.#cursor = parseCursor(reply.cursor);
      if (held && !reply.resumed) this.#tellResync(reply.reason ?? "lost");
      this.#listeners.tell((listener) => listener.joined?.());
      this.#sender.begin();
      this.#advance();
    } else if (mayPass(reply)) {
      this.#phase = "out";
      this.#backoff.schedule(() => this.#advance(), reply);
    } else {
      this.#refuse(reply!);
    }
  }

  #refuse(refusal: Refusal): void {
    const error = refusalError("join", refusal, { channel: this.#name });
    this.#lose("refused");
    this.#sender.refuse(error);
    this.#listeners.tell((listener) => (listener.error ? listener.error(error) : report(error)));
    this.#advance();
  }

  #leave(): void {
    const mine = ++this.#turn;
    this.#phase = "leaving";
    this.#sender.pause();
    this.#parts.connection.request("leave", { channel: this.#name }, () => {
      if (mine !== this.#turn) return;
      this.#phase = "out";
      this.#advance();
    });
  }

  #endGrace(): void {
    this.#grace?.();
    this.#grace = undefined;
  }

  #need(): void {
    if (this.#phase === "refused") this.#phase = "out";
    this.#advance();
  }
}
