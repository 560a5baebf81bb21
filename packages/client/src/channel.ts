import { formatCursor, parseCursor } from "@livecache/wire";
import type { Ack, Cursor, EventMeta, JoinReply, LiveError, Refusal, ResyncReason } from "@livecache/wire";
import { Audience, report } from "./audience.ts";
import { createBackoff } from "./backoff.ts";
import type { ClientParts } from "./client-parts.ts";
import type { Cancel } from "./clock.ts";
import { follow } from "./follow.ts";
import { mayPass, refusalError } from "./refusal.ts";
import { createSender } from "./sender.ts";
import type { Outgoing } from "./sender.ts";

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
  const { connection, fence, clock } = parts;
  const backoff = createBackoff(clock, parts.timing);
  const listeners = new Audience<ChannelListener>();
  const sender = createSender(parts, advance);
  /** Changes of which an event came without a cursor: it comes once more, with its place. */
  const early: string[] = [];
  let phase: "out" | "joining" | "in" | "leaving" | "refused" = "out";
  let cursor: Cursor | undefined;
  let grace: Cancel | undefined;
  /** Grows with each frame sent and each connection lost: answers to an older number are for nobody. */
  let turn = 0;

  const disconnect = connection.addUser({
    online: advance,
    offline() {
      lose("out");
      advance();
    },
    arrived(event, body, meta) {
      // Before the answer to `join`, what arrives is for another tab that uses the same socket.
      if (phase !== "in") return;
      if (meta?.channel === name) hear(event, body, meta);
      else if (body?.channel === name) heed(event, body);
    },
  });

  function lose(next: "out" | "refused"): void {
    if (phase === "in") listeners.tell((listener) => listener.lost?.());
    turn++;
    backoff.reset();
    sender.pause();
    phase = next;
  }

  /** An event or a whisper. */
  function hear(event: string, body: unknown, meta: EventMeta): void {
    const at = parseCursor(meta.cursor);
    const step = at ? follow(cursor, at) : "next";
    if (step === "duplicate") return;
    if (at) cursor = at;
    fence.learn(meta.position);
    if (step !== "next") tellResync(step);
    if (at) {
      const index = early.indexOf(meta.changeId);
      if (index >= 0) return void early.splice(index, 1);
    } else if (meta.changeId && early.push(meta.changeId) > MOST_EARLY) {
      early.shift();
    }
    listeners.tell((listener) => listener.event(event, body, meta));
  }

  /** A frame of the protocol. */
  function heed(frame: string, body: Partial<JoinReply> & Refusal): void {
    if (frame === "resync") {
      fence.learn(body.position);
      cursor = parseCursor(body.cursor) ?? cursor;
      tellResync(body.reason ?? "lost");
    } else if (frame === "left") {
      refuse(body);
    } else {
      listeners.tell((listener) => listener.frame?.(frame, body));
    }
  }

  function tellResync(reason: ResyncReason): void {
    listeners.tell((listener) => listener.resync?.(reason));
  }

  /** Sends the frame that leads to what is wanted, unless one is under way. */
  function advance(): void {
    const wanted = listeners.size > 0 || grace || !sender.isEmpty;
    const { isOnline } = connection;
    if (wanted && isOnline && phase === "out") join();
    else if (!wanted && isOnline && phase === "in") leave();
    else if (!wanted && (phase === "out" || phase === "refused")) onEnd();
  }

  function join(): void {
    const mine = ++turn;
    const held = cursor;
    phase = "joining";
    const request = { channel: name, ...(held && { cursor: formatCursor(held) }) };
    connection.request<JoinReply>("join", request, (reply) => {
      if (mine === turn) joined(reply, held);
    });
  }

  function joined(reply: Ack<JoinReply> | undefined, held: Cursor | undefined): void {
    if (reply?.ok) {
      phase = "in";
      backoff.reset();
      fence.learn(reply.position);
      cursor = parseCursor(reply.cursor);
      if (held && !reply.resumed) tellResync(reply.reason ?? "lost");
      listeners.tell((listener) => listener.joined?.());
      sender.begin();
      advance();
    } else if (mayPass(reply)) {
      phase = "out";
      backoff.schedule(advance, reply);
    } else {
      refuse(reply!);
    }
  }

  function refuse(refusal: Refusal): void {
    const error = refusalError("join", refusal, { channel: name });
    lose("refused");
    sender.refuse(error);
    listeners.tell((listener) => (listener.error ? listener.error(error) : report(error)));
    advance();
  }

  function leave(): void {
    const mine = ++turn;
    phase = "leaving";
    sender.pause();
    connection.request("leave", { channel: name }, () => {
      if (mine !== turn) return;
      phase = "out";
      advance();
    });
  }

  function endGrace(): void {
    grace?.();
    grace = undefined;
  }

  function need(): void {
    if (phase === "refused") phase = "out";
    advance();
  }

  return {
    add(listener) {
      const remove = listeners.add(listener);
      endGrace();
      cursor ??= parseCursor(listener.cursor);
      if (phase === "in") listener.joined?.();
      need();
      return () => {
        if (!remove() || listeners.size > 0) return;
        grace = clock.after(GRACE_MS, () => {
          grace = undefined;
          advance();
        });
      };
    },
    send(outgoing) {
      sender.push(outgoing);
      need();
    },
    close(error) {
      disconnect();
      endGrace();
      lose("out");
      sender.refuse(error);
    },
  };
}
