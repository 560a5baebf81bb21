import type { LiveError } from "@livecache/wire";
import { Audience } from "./audience.ts";
import type { ClientParts } from "./client-parts.ts";
import type { Cancel } from "./clock.ts";
import { loadJson, mayPass, parseJson } from "./load-json.ts";
import { pageHidden } from "./page.ts";
import { LOADING, failed, flagged, loaded } from "./query-snapshot.ts";
import type { QuerySnapshot } from "./query-snapshot.ts";
import { Refetch } from "./refetch.ts";
import type { RunOutcome } from "./refetch.ts";
import { Watch } from "./watch.ts";

/** Longest a query waits before it refetches when each answer is out of date as soon as it arrives. */
const MAX_CHASE_MS = 1_000;

/**
 * One path, shared by everyone who shows it: fetched, watched, fetched again when it is stale. It works from the first subscriber (or
 * `refetch`) until `lingerMs` after the last, then calls `onEnd` and is of no further use.
 */
export class Query {
  readonly #path: string;
  readonly #parts: ClientParts;
  readonly #onEnd: () => void;
  readonly #listeners = new Audience<() => void>();
  readonly #refetch: Refetch;
  readonly #watch: Watch;
  readonly #disconnect: Cancel;
  #snapshot: QuerySnapshot<unknown> = LOADING;
  /** The bytes behind the data: equal bytes keep the data's identity. */
  #text: string | undefined;
  /** Number of times the data was called stale. */
  #notices = 0;
  /** How many answers in a row were out of date on arrival. */
  #chases = 0;
  /** No token, or none that the server accepts: changes come to light by asking only. */
  #unwatchable = false;
  #tokenRefused = false;
  #lingering: Cancel | undefined;
  #ended = false;

  constructor(path: string, parts: ClientParts, onEnd: () => void) {
    this.#path = path;
    this.#parts = parts;
    this.#onEnd = onEnd;
    this.#refetch = new Refetch({
      clock: parts.clock,
      timing: parts.timing,
      held: () => this.#listeners.size === 0 || (pageHidden() && this.#snapshot.status !== "loading"),
      run: (signal) => this.#run(signal),
    });
    this.#watch = new Watch(parts, {
      fresh: () => this.#fresh(),
      stale: (again) => this.#stale(again),
      refused: () => this.#refused(),
    });
    this.#disconnect = parts.connection.addUser({
      online: (again) => this.#online(again),
      woken: () => this.#look(),
    });
  }

  get snapshot(): QuerySnapshot<unknown> {
    return this.#snapshot;
  }

  /** Calls `listener` after each change of {@link Query.snapshot}, and keeps the query working until the returned function is called. */
  subscribe(listener: () => void): Cancel {
    const remove = this.#listeners.add(listener);
    if (!this.#ended) {
      this.#lingering?.();
      this.#lingering = undefined;
      this.#look();
    }
    return () => {
      remove();
      this.#lingerIfUnseen();
    };
  }

  /** Fetches now. Resolves when that is done, well or badly; the snapshot tells which. */
  async refetch(): Promise<void> {
    if (this.#ended) return;
    await this.#refetch.now();
    this.#lingerIfUnseen();
  }

  /** Time to ask, if nobody would tell. */
  poll(): void {
    if (!this.#told && !this.#refetch.running) this.#refetch.ask(this.#parts.timing.jitterMs);
  }

  /** Gives up the watch and all work. What is known stays readable. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#lingering?.();
    this.#refetch.stop();
    this.#watch.close();
    this.#disconnect();
    this.#show(flagged(this.#snapshot, { isFetching: false }));
    this.#onEnd();
  }

  /** Whether a change would be told by the server. */
  get #told(): boolean {
    return this.#watch.following && !this.#unwatchable;
  }

  /** Whether only asking can better what is on screen. */
  get #wanting(): boolean {
    return this.#unwatchable || this.#snapshot.status === "error";
  }

  /** Somebody looks (again): fetches what is missing or was held back, and what changed perhaps with nobody telling. */
  #look(): void {
    if (this.#refetch.running) return;
    if (this.#snapshot.status === "loading") void this.#refetch.now();
    else if (!this.#told) this.#refetch.ask(this.#parts.timing.jitterMs);
    else this.#refetch.release();
  }

  /** The connection is there. A response with a token is judged by its watch; everything else is asked for. */
  #online(again: boolean): void {
    const { reconnectJitterMs } = this.#parts.timing;
    this.#tokenRefused = false;
    if (this.#refetch.running) {
      if (again) this.#refetch.restart(reconnectJitterMs);
    } else if (this.#refetch.pausing || (again && this.#wanting)) {
      this.#refetch.ask(reconnectJitterMs);
    }
  }

  #lingerIfUnseen(): void {
    if (this.#ended || this.#listeners.size > 0 || this.#lingering) return;
    this.#lingering = this.#parts.clock.after(this.#parts.timing.lingerMs, () => this.end());
  }

  async #run(signal: AbortSignal): Promise<RunOutcome> {
    const notices = this.#notices;
    this.#show(flagged(this.#snapshot, { isFetching: true }));
    const { http, clock, timing } = this.#parts;
    try {
      const request = { path: this.#path, signal, timeoutMs: timing.requestTimeoutMs };
      const { text, token } = await loadJson(http, clock, request);
      const data = text === this.#text ? this.#snapshot.data : parseJson(this.#path, text);
      if (signal.aborted) return "done";
      const isStale = this.#notices > notices;
      this.#text = text;
      this.#unwatchable = token === undefined;
      this.#show(loaded(data, clock.now(), isStale));
      // An earlier watch is better than none, and what is stale already is fetched again, not watched.
      if (token !== undefined && !isStale) this.#watch.set(token);
      return "done";
    } catch (error) {
      if (signal.aborted) return "done";
      this.#show(failed(this.#snapshot, error as LiveError));
      return mayPass(error as LiveError) ? "retry" : "done";
    }
  }

  #fresh(): void {
    this.#chases = 0;
    this.#tokenRefused = false;
  }

  #stale(again: boolean): void {
    const { jitterMs, reconnectJitterMs } = this.#parts.timing;
    this.#notices++;
    this.#show(flagged(this.#snapshot, { isStale: true }));
    const chaseMs = Math.min(MAX_CHASE_MS, jitterMs * 2 ** this.#chases++);
    this.#refetch.ask(again ? reconnectJitterMs : chaseMs);
  }

  /** A new response brings a token of today's secret and identity. If that is refused as well, asking again would not help. */
  #refused(): void {
    this.#unwatchable = true;
    if (this.#tokenRefused) return;
    this.#tokenRefused = true;
    this.#refetch.ask(this.#parts.timing.jitterMs);
  }

  #show(snapshot: QuerySnapshot<unknown>): void {
    if (snapshot === this.#snapshot) return;
    this.#snapshot = snapshot;
    this.#listeners.tell((listener) => listener());
  }
}
