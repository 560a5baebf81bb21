import type { Ack } from "@livecache/wire";
import { Audience, report } from "./audience.ts";
import { createBackoff } from "./backoff.ts";
import type { Backoff } from "./backoff.ts";
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
 *   (`LIVE_ORIGIN_REFUSED`) or this person any more (`LIVE_IDENTITY_ENDED`). A token that it does not accept (`LIVE_BEARER_REFUSED`)
 *   is not shown to it again: it is asked when `headers` or `auth` give another one, which is looked at as often.
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

/** A state as it begins: now, unless it says when. */
type Unstamped = ConnectionState extends infer State
  ? State extends ConnectionState
    ? Omit<State, "since"> & { readonly since?: number }
    : never
  : never;

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

/** What the next handshake may mend by saying something else. */
const RENEWABLE: ReadonlySet<string | undefined> = new Set(["LIVE_IDENTITY_EXPIRED", "LIVE_BEARER_REFUSED"]);

const RECONNECT = { retryMinMs: 500, retryMaxMs: 5_000 };

/** Makes a connection that nobody needs yet. */
export function createConnection(parts: ConnectionParts): Connection {
  return new SocketConnection(parts);
}

/** The connection, as `createConnection` makes it. */
class SocketConnection implements Connection {
  readonly #parts: ConnectionParts;
  readonly #backoff: Backoff;
  readonly #users = new Audience<ConnectionUser>();
  readonly #listeners = new Audience<() => void>();
  #state: ConnectionState;
  #socket: LiveSocket | undefined;
  #stopWaking: Cancel | undefined;
  #wasOnline = false;
  #lastWord: Word | undefined;
  /** What the present attempt says of who connects, and what the server would not have. */
  #said: string | undefined;
  #refused: string | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#backoff = createBackoff(parts.clock, RECONNECT);
    this.#state = { status: "connecting", since: parts.clock.now() };
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get isOnline(): boolean {
    return this.#state.status === "online";
  }

  get #isClosed(): boolean {
    return this.#state.status === "closed";
  }

  subscribe(listener: () => void): Cancel {
    return this.#listeners.add(listener);
  }

  addUser(user: ConnectionUser): Cancel {
    return this.#users.add(user);
  }

  start(): void {
    if (this.#stopWaking || this.#isClosed) return;
    this.#stopWaking = onWake(() => this.#wake());
    void this.#attempt();
  }

  request<Reply extends object>(
    frame: string,
    body: object,
    done: (reply: Ack<Reply> | undefined) => void,
  ): void {
    this.#socket?.timeout(this.#parts.requestTimeoutMs).emit(frame, body, (error, reply) => {
      done(!error && isAck(reply) ? (reply as Ack<Reply>) : undefined);
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#stopWaking?.();
    this.#backoff.cancel();
    this.#move({ status: "closed" });
    this.#socket?.disconnect();
  }

  #move(next: Unstamped): void {
    this.#state = { since: this.#parts.clock.now(), ...next };
    this.#listeners.tell((listener) => listener());
  }

  async #attempt(): Promise<void> {
    try {
      this.#socket ??= this.#open();
      this.#said = await this.#parts.prepare(this.#socket);
    } catch (error) {
      this.#lose("refused", { message: error instanceof Error ? error.message : String(error) });
      return;
    }
    if (this.#isClosed) return;
    // The server would say the same again: it is asked when there is something else to say.
    if (this.#said !== undefined && this.#said === this.#refused) this.#retry({});
    else this.#socket.connect();
  }

  #retry(word: Word): void {
    this.#backoff.schedule(() => void this.#attempt(), word);
  }

  #open(): LiveSocket {
    const made = this.#parts.makeSocket();
    // Nothing of these does anything once the connection is closed.
    made.on("connect", () => this.#connected());
    made.on("connect_error", ({ message, data }: Error & { readonly data?: Word }) => {
      // Socket.IO takes a socket out of use when the server has turned it away; `data` is a Livecache server's refusal.
      this.#lose(made.active ? "unreachable" : "refused", { ...data, message });
    });
    made.on("disconnect", (reason: string) => {
      const word = this.#lastWord;
      const isRefused = word || reason === "io server disconnect";
      this.#lose(isRefused ? "refused" : "dropped", { message: reason, ...word });
    });
    made.onAny((name: string, body: unknown, meta: unknown) => this.#arrived(name, body, meta));
    if (made.connected) this.#connected();
    return made;
  }

  #connected(): void {
    if (this.#isClosed) return;
    this.#backoff.reset();
    const again = this.#wasOnline;
    this.#wasOnline = true;
    this.#lastWord = undefined;
    this.#refused = undefined;
    this.#move({ status: "online" });
    this.#users.tell((user) => user.online?.(again));
  }

  #arrived(name: string, body: unknown, meta: unknown): void {
    if (this.#isClosed) return;
    if (name === "ended") this.#lastWord = body as Word;
    if (name === "expiring") this.#renew().catch(report);
    this.#users.tell((user) => user.arrived?.(name, body, meta));
  }

  /** Says anew who this is. If that fails, the server ends the socket in time, and the next handshake says it. */
  async #renew(): Promise<void> {
    const auth = await this.#parts.renew(this.#socket!);
    if (auth && this.isOnline) this.request("refresh", { auth }, () => {});
  }

  /** What stood in the way may be over: the pause before the next attempt is cut short. */
  #wake(): void {
    if (this.#backoff.pending) {
      this.#backoff.reset();
      void this.#attempt();
    }
    this.#users.tell((user) => user.woken?.());
  }

  #lose(reason: OfflineReason, word: Word & { readonly message: string }): void {
    if (this.#isClosed) return;
    if (word.code === "LIVE_BEARER_REFUSED") this.#refused = this.#said;
    // An identity that has expired, or a token that is not accepted, may be another one in the next handshake.
    if (mayPass(word) || RENEWABLE.has(word.code)) this.#retry(word);
    const wasUp = this.isOnline;
    const { message, code } = word;
    const before = this.#state.status === "offline" ? this.#state : undefined;
    if (before?.reason !== reason || before.message !== message) {
      this.#move({
        status: "offline",
        ...(before && { since: before.since }),
        reason,
        message,
        ...(code && { code }),
      });
    }
    if (wasUp) this.#users.tell((user) => user.offline?.());
  }
}

function isAck(reply: unknown): boolean {
  return typeof (reply as { ok?: unknown } | null | undefined)?.ok === "boolean";
}
