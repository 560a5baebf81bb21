import type { Ack, StaleFrame, WatchReply } from "@livecache/wire";
import { Backoff } from "./backoff.ts";
import type { ClientParts } from "./client-parts.ts";
import type { Cancel } from "./clock.ts";

/** Who is told about a watched response. */
export interface WatchSink {
  /** The response is current, and a later change will be told. */
  fresh(): void;
  /** The response is out of date and no longer watched. `again` when this came out on a reconnect. */
  stale(again: boolean): void;
  /** The server does not accept the token. */
  refused(): void;
}

/**
 * One response that the server watches for this client. It holds a token until the server calls it stale or refuses it; while online
 * and not refused the token is watched, under an id that lasts as long as the connection.
 */
export class Watch {
  readonly #parts: ClientParts;
  readonly #sink: WatchSink;
  readonly #backoff: Backoff;
  readonly #disconnect: Cancel;
  #token: string | undefined;
  #id: string | undefined;
  #asking = false;
  /** Grows with each frame sent and each token or connection lost: answers to an older number are for nobody. */
  #turn = 0;

  constructor(parts: ClientParts, sink: WatchSink) {
    this.#parts = parts;
    this.#sink = sink;
    this.#backoff = new Backoff(parts.clock, parts.timing);
    this.#disconnect = parts.connection.addUser({
      online: () => this.#send(true),
      offline: () => this.#lose(),
      arrived: (name, body) => name === "stale" && this.#notice(body),
    });
  }

  /** Whether the server watches, is being asked to, or will be as soon as the client is online for the first time. */
  get following(): boolean {
    const { status } = this.#parts.connection.state;
    return this.#id !== undefined || this.#asking || (this.#token !== undefined && status === "connecting");
  }

  /** Watches `token`; what was watched before stays so until the server has taken the new one. */
  set(token: string): void {
    if (token === this.#token && this.#id !== undefined) return;
    this.#token = token;
    this.#backoff.reset();
    this.#send(false);
  }

  /** Gives up what is watched. */
  close(): void {
    this.#disconnect();
    this.#drop(this.#id);
  }

  #send(again: boolean): void {
    const { connection } = this.#parts;
    if (this.#token === undefined || !connection.isOnline) return;
    const turn = ++this.#turn;
    this.#asking = true;
    connection.request("watch", { token: this.#token }, (reply) => {
      if (turn === this.#turn) this.#answered(reply, again);
      else if (reply?.ok) this.#unwatch(reply.id);
    });
  }

  #answered(reply: Ack<WatchReply> | undefined, again: boolean): void {
    this.#asking = false;
    if (reply?.ok) {
      this.#taken(reply, again);
    } else if (reply?.code === "LIVE_TOKEN_INVALID") {
      this.#drop(this.#id);
      this.#sink.refused();
    } else if (!reply || reply.retryable) {
      this.#backoff.schedule(() => this.#send(again));
    }
  }

  #taken({ id, state, position }: WatchReply, again: boolean): void {
    this.#parts.fence.learn(position);
    this.#backoff.reset();
    if (state === "stale") {
      this.#drop(this.#id);
      this.#sink.stale(again);
    } else {
      this.#unwatch(this.#id);
      this.#id = id;
      this.#sink.fresh();
    }
  }

  /** The server tells that a response is out of date; perhaps this one. */
  #notice(frame: unknown): void {
    const { id, position } = (frame ?? {}) as Partial<StaleFrame>;
    if (id === undefined || id !== this.#id) return;
    this.#parts.fence.learn(position);
    this.#drop(undefined);
    this.#sink.stale(false);
  }

  /** The connection is gone, and the watch with it. */
  #lose(): void {
    this.#turn++;
    this.#asking = false;
    this.#id = undefined;
    this.#backoff.reset();
  }

  /** Forgets the token. */
  #drop(watched: string | undefined): void {
    this.#lose();
    this.#token = undefined;
    this.#unwatch(watched);
  }

  #unwatch(id: string | undefined): void {
    const { connection } = this.#parts;
    if (id !== undefined && connection.isOnline) connection.request("unwatch", { id }, () => {});
  }
}
