import type { Ack, WatchReply } from "@livecache/wire";
import { Backoff } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { Fence } from "./fence.ts";
import type { Timing } from "./timing.ts";

/** Who is told about one watched response. */
export interface WatchSink {
  /** The response is current, and a later change will be told. */
  fresh(): void;
  /** The response is out of date and no longer watched. `again` when this came out on a reconnect. */
  stale(again: boolean): void;
  /** The server does not accept the token. */
  refused(): void;
}

/** What all watches of a client share. */
export interface WatchParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly fence: Fence;
}

/** The watches of one client: brings the server's `stale` frames to the watch they name, and watches anew after each reconnect. */
export class Watches {
  readonly parts: WatchParts;
  readonly #all = new Set<Watch>();
  readonly #byId = new Map<string, Watch>();

  constructor(parts: WatchParts) {
    this.parts = parts;
    parts.connection.addUser({
      online: () => this.#all.forEach((watch) => watch.send(true)),
      offline: () => this.#forget(),
      arrived: (name, body) => name === "stale" && this.#stale(body),
    });
  }

  create(sink: WatchSink): Watch {
    const watch = new Watch(this, sink);
    this.#all.add(watch);
    return watch;
  }

  remove(watch: Watch): void {
    this.#all.delete(watch);
  }

  attach(id: string, watch: Watch): void {
    this.#byId.set(id, watch);
  }

  /** Ends a watch on the server. */
  detach(id: string): void {
    this.#byId.delete(id);
    if (this.parts.connection.isOnline) this.parts.connection.request("unwatch", { id }, () => {});
  }

  #stale(body: unknown): void {
    const { id, position } = (body ?? {}) as { id?: unknown; position?: unknown };
    if (typeof id !== "string") return;
    this.parts.fence.learn(position);
    const watch = this.#byId.get(id);
    this.#byId.delete(id);
    watch?.notice();
  }

  /** Ids belong to one connection. */
  #forget(): void {
    this.#byId.clear();
    this.#all.forEach((watch) => watch.lost());
  }
}

/**
 * One response that the server watches for this client. It holds a token until the server calls it stale or refuses it; while online
 * and not refused the token is watched, under an id that lasts as long as the connection.
 */
export class Watch {
  readonly #watches: Watches;
  readonly #sink: WatchSink;
  readonly #backoff: Backoff;
  #token: string | undefined;
  #id: string | undefined;
  #asking = false;
  /** Grows with each frame sent and each connection lost: answers to an older number are for nobody. */
  #turn = 0;

  constructor(watches: Watches, sink: WatchSink) {
    this.#watches = watches;
    this.#sink = sink;
    const { clock, timing } = watches.parts;
    this.#backoff = new Backoff(clock, { minMs: timing.retryMinMs, maxMs: timing.retryMaxMs });
  }

  /** Whether the server watches, is being asked to, or will be as soon as the client is online for the first time. */
  get following(): boolean {
    const { status } = this.#watches.parts.connection.state;
    return this.#id !== undefined || this.#asking || (this.#token !== undefined && status === "connecting");
  }

  /** Watches `token`; what was watched before stays so until the server has taken the new one. */
  set(token: string): void {
    if (token === this.#token && this.#id !== undefined) return;
    this.#token = token;
    this.#backoff.reset();
    if (this.#watches.parts.connection.isOnline) this.send(false);
  }

  /** Asks the server to watch the token, if there is one. */
  send(again: boolean): void {
    if (this.#token === undefined) return;
    const turn = ++this.#turn;
    this.#asking = true;
    this.#watches.parts.connection.request("watch", { token: this.#token }, (reply) => {
      if (turn === this.#turn) this.#answered(reply, again);
      else if (reply?.ok) this.#watches.detach(reply.id);
    });
  }

  /** The server has told that the watched response is out of date. */
  notice(): void {
    this.#id = undefined;
    this.#drop();
    this.#sink.stale(false);
  }

  /** The connection is gone, and with it the watch. */
  lost(): void {
    this.#turn++;
    this.#asking = false;
    this.#id = undefined;
    this.#backoff.reset();
  }

  close(): void {
    this.#drop();
    this.#watches.remove(this);
  }

  #answered(reply: Ack<WatchReply> | undefined, again: boolean): void {
    this.#asking = false;
    if (reply?.ok) {
      this.#taken(reply, again);
    } else if (reply?.code === "LIVE_TOKEN_INVALID") {
      this.#drop();
      this.#sink.refused();
    } else if (!reply || reply.retryable) {
      this.#backoff.schedule(() => this.send(again));
    }
  }

  #taken(reply: WatchReply, again: boolean): void {
    const old = this.#id;
    this.#id = undefined;
    if (old !== undefined && old !== reply.id) this.#watches.detach(old);
    this.#watches.parts.fence.learn(reply.position);
    this.#backoff.reset();
    if (reply.state === "stale") {
      this.#drop();
      this.#sink.stale(again);
    } else {
      this.#id = reply.id;
      this.#watches.attach(reply.id, this);
      this.#sink.fresh();
    }
  }

  #drop(): void {
    this.#turn++;
    this.#asking = false;
    this.#token = undefined;
    this.#backoff.reset();
    if (this.#id !== undefined) this.#watches.detach(this.#id);
    this.#id = undefined;
  }
}
