import type { BodyFrame, LiveError } from "@livecache/wire";
import { Audience } from "./audience.ts";
import type { ClientParts } from "./client-parts.ts";
import type { Cancel } from "./clock.ts";
import { createFence } from "./fence.ts";
import { loadJson, mayPass, parseJson } from "./load-json.ts";
import { pageHidden } from "./page.ts";
import { LOADING, failed, flagged, loaded } from "./query-snapshot.ts";
import type { QuerySnapshot } from "./query-snapshot.ts";
import { GIVEN_UP, createRefetch } from "./refetch.ts";
import type { Refetch, RunOutcome } from "./refetch.ts";
import { createWatch } from "./watch.ts";
import type { Watch } from "./watch.ts";

/** Longest a query waits before it refetches when each answer is out of date as soon as it arrives. */
const MAX_CHASE_MS = 1_000;

/**
 * One path, shared by everyone who shows it: fetched, watched, fetched again when it is stale. It works from the first subscriber (or
 * `refetch`) until `lingerMs` after the last, then calls `onEnd` and is of no further use.
 */
export interface Query {
  readonly snapshot: QuerySnapshot<unknown>;
  /** Calls `listener` after each change of the snapshot, and keeps the query working until the returned function is called. */
  subscribe(listener: () => void): Cancel;
  /** Fetches now. Resolves when that is done, well or badly; the snapshot tells which. */
  refetch(): Promise<void>;
  /** Time to ask, if nobody would tell. */
  poll(): void;
  /** Gives up the watch and all work. What is known stays readable. */
  end(): void;
}

/** Makes a query that nobody shows yet. */
export function createQuery(path: string, parts: ClientParts, onEnd: () => void): Query {
  return new PathQuery(path, parts, onEnd);
}

/** A query, as `createQuery` makes it. */
class PathQuery implements Query {
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
  /** The entity tag of the data. */
  #etag: string | null = null;
  /** Where the data stands. */
  readonly #shown = createFence();
  /** Number of times the data was called stale, or newer data was pushed. */
  #notices = 0;
  #pushCount = 0;
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
    const { clock, timing } = parts;
    this.#refetch = createRefetch({
      clock,
      timing,
      held: () => this.#listeners.size === 0 || (pageHidden() && this.#snapshot.status !== "loading"),
      run: (controller) => this.#run(controller),
    });
    this.#watch = createWatch(parts, {
      fresh: () => this.#fresh(),
      stale: (spreadMs) => this.#stale(spreadMs),
      pushed: (frame) => void this.#pushed(frame),
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

  async refetch(): Promise<void> {
    if (this.#ended) return;
    await this.#refetch.now();
    this.#lingerIfUnseen();
  }

  poll(): void {
    if (!this.#isTold && !this.#refetch.running) this.#refetch.ask(this.#parts.timing.jitterMs);
  }

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
  get #isTold(): boolean {
    return this.#watch.following && !this.#unwatchable;
  }

  #fresh(): void {
    this.#chases = 0;
    this.#tokenRefused = false;
  }

  #stale(spreadMs: number | undefined): void {
    this.#notices++;
    this.#show(flagged(this.#snapshot, { isStale: true }));
    const chaseMs = Math.min(MAX_CHASE_MS, this.#parts.timing.jitterMs * 2 ** this.#chases++);
    this.#refetch.ask(spreadMs ?? chaseMs);
  }

  /** A new response brings a token of today's secret and identity. If that is refused as well, asking again would not help. */
  #refused(): void {
    this.#unwatchable = true;
    if (this.#tokenRefused) return;
    this.#tokenRefused = true;
    this.#refetch.ask(this.#parts.timing.jitterMs);
  }

  /** The connection is there. A response with a token is judged by its watch; everything else is asked for. */
  #online(again: boolean): void {
    const { reconnectJitterMs } = this.#parts.timing;
    // Only asking can better what is on screen.
    const wanting = this.#unwatchable || this.#snapshot.status === "error";
    this.#tokenRefused = false;
    if (this.#refetch.running) {
      if (again) this.#refetch.restart(reconnectJitterMs);
    } else if (this.#refetch.pausing || (again && wanting)) {
      this.#refetch.ask(reconnectJitterMs);
    }
  }

  /** Somebody looks (again): fetches what is missing or was held back, and what changed perhaps with nobody telling. */
  #look(): void {
    if (this.#refetch.running) return;
    if (this.#snapshot.status === "loading") void this.#refetch.now();
    else if (this.#isTold) this.#refetch.release();
    else this.#refetch.ask(this.#parts.timing.jitterMs);
  }

  #lingerIfUnseen(): void {
    if (this.#ended || this.#listeners.size > 0 || this.#lingering) return;
    this.#lingering = this.#parts.clock.after(this.#parts.timing.lingerMs, () => this.end());
  }

  /** Takes a body that is newer than what is shown; what does not fit is fetched. */
  async #pushed(frame: BodyFrame): Promise<void> {
    const module = await import("./pushed-body.ts").catch(() => undefined);
    if (this.#ended || !this.#shown.learn(frame.position)) return;
    const data = module?.pushedBody(frame, { data: this.#snapshot.data, etag: this.#etag });
    if (data === undefined) return this.#refetch.ask(this.#parts.timing.jitterMs);
    this.#pushCount++;
    this.#etag = frame.etag;
    this.#text = undefined;
    this.#chases = 0;
    this.#refetch.forgive();
    this.#show(flagged(loaded(data, this.#parts.clock.now(), false), { isFetching: this.#refetch.running }));
  }

  #show(next: QuerySnapshot<unknown>): void {
    if (next === this.#snapshot) return;
    this.#snapshot = next;
    this.#listeners.tell((listener) => listener());
  }

  async #run(controller: AbortController): Promise<RunOutcome> {
    const noticesBefore = this.#notices;
    const pushesBefore = this.#pushCount;
    const isGivenUp = (): boolean => controller.signal.reason === GIVEN_UP;
    this.#show(flagged(this.#snapshot, { isFetching: true }));
    try {
      const request = { path: this.#path, controller, timeoutMs: this.#parts.timing.requestTimeoutMs };
      const answer = await loadJson(this.#parts.http, this.#parts.clock, request);
      const data = answer.text === this.#text ? this.#snapshot.data : parseJson(this.#path, answer.text);
      if (isGivenUp()) return "done";
      // What was pushed meanwhile may be newer than this answer, and whatever comes after it will be told.
      if (this.#pushCount > pushesBefore) {
        this.#show(flagged(this.#snapshot, { isFetching: false }));
        return "done";
      }
      const isStale = this.#notices > noticesBefore;
      this.#text = answer.text;
      this.#etag = answer.etag;
      this.#shown.learn(answer.position);
      this.#unwatchable = answer.token === undefined;
      this.#show(loaded(data, this.#parts.clock.now(), isStale));
      // An earlier watch is better than none, and what is stale already is fetched again, not watched.
      if (answer.token !== undefined && !isStale) this.#watch.set(answer.token);
      return "done";
    } catch (error) {
      if (isGivenUp()) return "done";
      this.#show(failed(this.#snapshot, error as LiveError));
      return mayPass(error as LiveError) ? "retry" : "done";
    }
  }
}
