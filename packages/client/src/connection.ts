import type { Ack } from "@livecache/wire";
import { Audience, report } from "./audience.ts";
import { createBackoff } from "./backoff.ts";
import type { Cancel, Clock } from "./clock.ts";
import { onWake } from "./page.ts";
import { mayPass } from "./refusal.ts";
import type { Word } from "./refusal.ts";
import type { LiveSocket, SocketSource } from "./socket.ts";

/**
 * Why there is no connection: the server could not be reached, it turned the socket away or ended it on purpose, or the connection
 * broke. The client keeps trying, except when the server said that it need not.
 */
export type OfflineReason = "unreachable" | "refused" | "dropped";

/**
 * Where the client stands. `since` is in milliseconds since 1970; `message` is for people, `code` is the server's, if it gave one.
 *
 * - `connecting`: never online yet, and no attempt has failed. Attempts begin when something needs the connection.
 * - `online`: connected. From anywhere but `closed`.
 * - `offline`: not connected, trying again with growing pauses of at most five seconds, unless the server does not want this page
 *   (`LIVE_ORIGIN_REFUSED`) or this person any more (`LIVE_IDENTITY_ENDED`).
 * - `closed`: the client was closed. Final.
 */
export type ConnectionState =
  | { readonly status: "connecting"; readonly since: number }
  | { readonly status: "online"; readonly since: number }
  | {
      readonly status: "offline";
      readonly since: number;
      readonly reason: OfflineReason;
      readonly message: string;
      readonly code?: string;
    }
  | { readonly status: "closed"; readonly since: number };

/** Who works over the connection. */
export interface ConnectionUser {
  /** Connected. `again` is false for the first time: then nothing can have been missed. */
  online?(again: boolean): void;
  offline?(): void;
  /** Something arrived: a frame of the protocol or an event of a channel. */
  arrived?(name: string, body: any, meta: any): void;
  /** The page is in view again, or the machine is back on a network. */
  woken?(): void;
}

/** How a connection gets its socket. */
export interface ConnectionParts extends SocketSource {
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
}

/** The one socket of a client, kept connected from `start` to `close`. */
export interface Connection {
  readonly state: ConnectionState;
  readonly isOnline: boolean;
  /** Calls `listener` after each change of the state. */
  subscribe(listener: () => void): Cancel;
  /** Answers what removes the user. */
  addUser(user: ConnectionUser): Cancel;
  /** Begins to connect; later calls do nothing. */
  start(): void;
  /**
   * Sends a frame. `done` is called at most once, before anything that the server sent after its answer: with the answer, or with
   * `undefined` when there was none in time or the connection broke. Only to be called while online.
   */
  request<Reply extends object>(
    frame: string,
    body: object,
    done: (reply: Ack<Reply> | undefined) => void,
  ): void;
  /** Ends the connection for good. */
  close(): void;
}

const RECONNECT = { retryMinMs: 500, retryMaxMs: 5_000 };

/** Makes a connection that nobody needs yet. */
export function createConnection(parts: ConnectionParts): Connection {
  const { clock } = parts;
  const backoff = createBackoff(clock, RECONNECT);
  const users = new Audience<ConnectionUser>();
  const listeners = new Audience<() => void>();
  let state: ConnectionState = { status: "connecting", since: clock.now() };
  let socket: LiveSocket | undefined;
  let stopWaking: Cancel | undefined;
  let wasOnline = false;
  let lastWord: Word | undefined;

  const isClosed = (): boolean => state.status === "closed";
  const isOnline = (): boolean => state.status === "online";

  function move(next: ConnectionState): void {
    state = next;
    listeners.tell((listener) => listener());
  }

  const request: Connection["request"] = (frame, body, done) => {
    socket?.timeout(parts.requestTimeoutMs).emit(frame, body, (error, reply) => {
      done(!error && isAck(reply) ? (reply as Ack<never>) : undefined);
    });
  };

  async function attempt(): Promise<void> {
    try {
      socket ??= open();
      await parts.prepare(socket);
    } catch (error) {
      lose("refused", { message: error instanceof Error ? error.message : String(error) });
      return;
    }
    if (!isClosed()) socket.connect();
  }

  function open(): LiveSocket {
    const made = parts.makeSocket();
    for (const [event, listener] of LISTENERS) made.on(event, listener);
    made.onAny(onAny);
    if (made.connected) onConnect();
    return made;
  }

  function onConnect(): void {
    backoff.reset();
    const again = wasOnline;
    wasOnline = true;
    lastWord = undefined;
    move({ status: "online", since: clock.now() });
    users.tell((user) => user.online?.(again));
  }

  /** Socket.IO takes a socket out of use (`active` false) when the server has turned it away; `data` is a Livecache server's refusal. */
  function onConnectError({ message, data }: Error & { readonly data?: Word }): void {
    lose(socket?.active ? "unreachable" : "refused", { ...data, message });
  }

  function onDisconnect(reason: string): void {
    lose(lastWord || reason === "io server disconnect" ? "refused" : "dropped", {
      message: reason,
      ...lastWord,
    });
  }

  function onAny(name: string, body: unknown, meta: unknown): void {
    if (name === "ended") lastWord = body as Word;
    if (name === "expiring") renew().catch(report);
    users.tell((user) => user.arrived?.(name, body, meta));
  }

  /** Says anew who this is. If that fails, the server ends the socket in time, and the next handshake says it. */
  async function renew(): Promise<void> {
    const auth = await parts.renew(socket!);
    if (auth && isOnline()) request("refresh", { auth }, () => {});
  }

  /** What stood in the way may be over: the pause before the next attempt is cut short. */
  function wake(): void {
    if (backoff.pending) {
      backoff.reset();
      void attempt();
    }
    users.tell((user) => user.woken?.());
  }

  function lose(reason: OfflineReason, word: Word & { readonly message: string }): void {
    if (isClosed()) return;
    // An identity that has expired may be renewed by the next handshake.
    if (mayPass(word) || word.code === "LIVE_IDENTITY_EXPIRED") backoff.schedule(() => void attempt(), word);
    const wasUp = isOnline();
    const { message, code } = word;
    const before = state.status === "offline" ? state : undefined;
    if (before?.reason !== reason || before.message !== message) {
      const since = before?.since ?? clock.now();
      move({ status: "offline", since, reason, message, ...(code && { code }) });
    }
    if (wasUp) users.tell((user) => user.offline?.());
  }

  const LISTENERS = [
    ["connect", onConnect],
    ["connect_error", onConnectError],
    ["disconnect", onDisconnect],
  ] as const;

  return {
    get state() {
      return state;
    },
    get isOnline() {
      return isOnline();
    },
    subscribe: (listener) => listeners.add(listener),
    addUser: (user) => users.add(user),
    start() {
      if (stopWaking || isClosed()) return;
      stopWaking = onWake(wake);
      void attempt();
    },
    request,
    close() {
      if (isClosed()) return;
      stopWaking?.();
      backoff.cancel();
      move({ status: "closed", since: clock.now() });
      for (const [event, listener] of LISTENERS) socket?.off(event, listener);
      socket?.offAny(onAny);
      socket?.disconnect();
    },
  };
}

function isAck(reply: unknown): boolean {
  return typeof (reply as { ok?: unknown } | null | undefined)?.ok === "boolean";
}
