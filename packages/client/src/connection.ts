import type { Ack, ClientToServer, Refusal } from "@livecache/wire";
import type { Socket } from "socket.io-client";
import { Audience } from "./audience.ts";
import { Backoff } from "./backoff.ts";
import type { Cancel, Clock } from "./clock.ts";
import { onWake } from "./page.ts";

/**
 * Why there is no connection: the server could not be reached, it turned the socket away or ended it on purpose, or the connection
 * broke. The client keeps trying, except when the server said that it need not.
 */
export type OfflineReason = "unreachable" | "refused" | "dropped";

/**
 * Where the client stands. `since` is in milliseconds since 1970; `message` is for people.
 *
 * - `connecting`: never online yet, and no attempt has failed. Attempts begin when something needs the connection.
 * - `online`: connected. From anywhere but `closed`.
 * - `offline`: not connected, trying again with growing pauses of at most four seconds, unless the server does not want this page
 *   (`LIVE_ORIGIN_REFUSED`).
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
    }
  | { readonly status: "closed"; readonly since: number };

/** Who works over the connection. */
export interface ConnectionUser {
  /** Connected. `again` is false for the first time: then nothing can have been missed. */
  online?(again: boolean): void;
  offline?(): void;
  /** Something arrived: a frame of the protocol or an event of a channel. */
  arrived?(name: string, body: unknown, meta: unknown): void;
  /** The page is in view again, or the machine is back on a network. */
  woken?(): void;
}

/** How a connection gets its socket. */
export interface ConnectionParts {
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  /** Makes the socket, not yet connecting. */
  readonly makeSocket: () => Socket;
  /** Runs before each attempt; renews what the socket identifies itself with. */
  readonly prepare: (socket: Socket) => Promise<void>;
}

type Frame = keyof ClientToServer;
type Request<F extends Frame> = Parameters<ClientToServer[F]>[0];
type Reply<F extends Frame> = Parameters<Parameters<ClientToServer[F]>[1]>[0];

const RECONNECT = { retryMinMs: 250, retryMaxMs: 4_000 };

/** The one socket of a client, kept connected from {@link Connection.start} to {@link Connection.close}. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #backoff: Backoff;
  readonly #users = new Audience<ConnectionUser>();
  readonly #listeners = new Audience<() => void>();
  #state: ConnectionState;
  #socket: Socket | undefined;
  #stopWaking: Cancel | undefined;
  #wasOnline = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.clock, RECONNECT);
    this.#state = { status: "connecting", since: parts.clock.now() };
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get isOnline(): boolean {
    return this.#state.status === "online";
  }

  /** Calls `listener` after each change of {@link Connection.state}. */
  subscribe(listener: () => void): Cancel {
    return this.#listeners.add(listener);
  }

  /** Answers what removes the user. */
  addUser(user: ConnectionUser): Cancel {
    return this.#users.add(user);
  }

  /** Begins to connect; later calls do nothing. */
  start(): void {
    if (this.#stopWaking || this.#state.status === "closed") return;
    this.#stopWaking = onWake(() => this.#wake());
    void this.#attempt();
  }

  /**
   * Sends a frame. `done` is called at most once, before anything that the server sent after its answer: with the answer, or with
   * `undefined` when there was none in time or the connection broke. Only to be called while online.
   */
  request<F extends Frame>(frame: F, body: Request<F>, done: (reply: Reply<F> | undefined) => void): void {
    this.#socket
      ?.timeout(this.#parts.requestTimeoutMs)
      .emit(frame, body, (error: unknown, reply: unknown) => {
        done(!error && isAck(reply) ? (reply as Reply<F>) : undefined);
      });
  }

  /** Ends the connection for good. */
  close(): void {
    if (this.#state.status === "closed") return;
    this.#stopWaking?.();
    this.#backoff.cancel();
    const socket = this.#socket;
    this.#move({ status: "closed", since: this.#parts.clock.now() });
    socket?.off("connect", this.#onConnect);
    socket?.off("connect_error", this.#onConnectError);
    socket?.off("disconnect", this.#onDisconnect);
    socket?.offAny(this.#onAny);
    socket?.disconnect();
  }

  async #attempt(): Promise<void> {
    try {
      this.#socket ??= this.#openSocket();
      await this.#parts.prepare(this.#socket);
    } catch (error) {
      this.#attemptLater();
      this.#lose("refused", error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.#state.status !== "closed") this.#socket.connect();
  }

  #openSocket(): Socket {
    const socket = this.#parts.makeSocket();
    socket.on("connect", this.#onConnect);
    socket.on("connect_error", this.#onConnectError);
    socket.on("disconnect", this.#onDisconnect);
    socket.onAny(this.#onAny);
    if (socket.connected) this.#onConnect();
    return socket;
  }

  readonly #onConnect = (): void => {
    this.#backoff.reset();
    const again = this.#wasOnline;
    this.#wasOnline = true;
    this.#move({ status: "online", since: this.#parts.clock.now() });
    this.#users.tell((user) => user.online?.(again));
  };

  /** Socket.IO takes a socket out of use (`active` false) when the server has turned it away; `data` is a Livecache server's refusal. */
  readonly #onConnectError = (error: Error & { readonly data?: Partial<Refusal> }): void => {
    if (error.data?.retryable !== false) this.#attemptLater();
    this.#lose(this.#socket?.active ? "unreachable" : "refused", error.message);
  };

  readonly #onDisconnect = (reason: string): void => {
    this.#attemptLater();
    this.#lose(reason === "io server disconnect" ? "refused" : "dropped", reason);
  };

  readonly #onAny = (name: string, body: unknown, meta: unknown): void => {
    this.#users.tell((user) => user.arrived?.(name, body, meta));
  };

  /** What stood in the way may be over: the pause before the next attempt is cut short. */
  #wake(): void {
    if (this.#backoff.pending) {
      this.#backoff.reset();
      void this.#attempt();
    }
    this.#users.tell((user) => user.woken?.());
  }

  #attemptLater(): void {
    if (this.#state.status !== "closed") this.#backoff.schedule(() => void this.#attempt());
  }

  #lose(reason: OfflineReason, message: string): void {
    if (this.#state.status === "closed") return;
    const wasOnline = this.isOnline;
    const state = this.#state;
    const since = state.status === "offline" ? state.since : this.#parts.clock.now();
    if (state.status !== "offline" || state.reason !== reason || state.message !== message) {
      this.#move({ status: "offline", since, reason, message });
    }
    if (wasOnline) this.#users.tell((user) => user.offline?.());
  }

  #move(state: ConnectionState): void {
    this.#state = state;
    this.#listeners.tell((listener) => listener());
  }
}

function isAck(reply: unknown): reply is Ack<object> {
  return typeof reply === "object" && reply !== null && typeof (reply as { ok?: unknown }).ok === "boolean";
}
