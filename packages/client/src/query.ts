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
import type { RunOutcome } from "./refetch.ts";
import { createWatch } from "./watch.ts";

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
  const { http, clock, timing } = parts;
  const listeners = new Audience<() => void>();
  let snapshot: QuerySnapshot<unknown> = LOADING;
  /** The bytes behind the data: equal bytes keep the data's identity. */
  let text: string | undefined;
  /** The entity tag of the data. */
  let etag: string | null = null;
  /** Where the data stands. */
  const shown = createFence();
  /** Number of times the data was called stale, or newer data was pushed. */
  let notices = 0;
  let pushCount = 0;
  /** How many answers in a row were out of date on arrival. */
  let chases = 0;
  /** No token, or none that the server accepts: changes come to light by asking only. */
  let unwatchable = false;
  let tokenRefused = false;
  let lingering: Cancel | undefined;
  let ended = false;

  const refetch = createRefetch({
    clock,
    timing,
    held: () => listeners.size === 0 || (pageHidden() && snapshot.status !== "loading"),
    run,
  });
  const watch = createWatch(parts, {
    fresh() {
      chases = 0;
      tokenRefused = false;
    },
    stale(spreadMs) {
      notices++;
      show(flagged(snapshot, { isStale: true }));
      const chaseMs = Math.min(MAX_CHASE_MS, timing.jitterMs * 2 ** chases++);
      refetch.ask(spreadMs ?? chaseMs);
    },
    pushed,
    /** A new response brings a token of today's secret and identity. If that is refused as well, asking again would not help. */
    refused() {
      unwatchable = true;
      if (tokenRefused) return;
      tokenRefused = true;
      refetch.ask(timing.jitterMs);
    },
  });
  const disconnect = parts.connection.addUser({
    /** The connection is there. A response with a token is judged by its watch; everything else is asked for. */
    online(again) {
      const { reconnectJitterMs } = timing;
      // Only asking can better what is on screen.
      const wanting = unwatchable || snapshot.status === "error";
      tokenRefused = false;
      if (refetch.running) {
        if (again) refetch.restart(reconnectJitterMs);
      } else if (refetch.pausing || (again && wanting)) {
        refetch.ask(reconnectJitterMs);
      }
    },
    woken: look,
  });

  /** Whether a change would be told by the server. */
  const isTold = (): boolean => watch.following && !unwatchable;

  /** Somebody looks (again): fetches what is missing or was held back, and what changed perhaps with nobody telling. */
  function look(): void {
    if (refetch.running) return;
    if (snapshot.status === "loading") void refetch.now();
    else if (isTold()) refetch.release();
    else refetch.ask(timing.jitterMs);
  }

  function lingerIfUnseen(): void {
    if (ended || listeners.size > 0 || lingering) return;
    lingering = clock.after(timing.lingerMs, end);
  }

  /** Takes a body that is newer than what is shown; what does not fit is fetched. */
  async function pushed(frame: BodyFrame): Promise<void> {
    const module = await import("./pushed-body.ts").catch(() => undefined);
    if (ended || !shown.learn(frame.position)) return;
    const data = module?.pushedBody(frame, { data: snapshot.data, etag });
    if (data === undefined) return refetch.ask(timing.jitterMs);
    pushCount++;
    ({ etag } = frame);
    text = undefined;
    chases = 0;
    refetch.forgive();
    show(flagged(loaded(data, clock.now(), false), { isFetching: refetch.running }));
  }

  function show(next: QuerySnapshot<unknown>): void {
    if (next === snapshot) return;
    snapshot = next;
    listeners.tell((listener) => listener());
  }

  async function run(controller: AbortController): Promise<RunOutcome> {
    const noticesBefore = notices;
    const pushesBefore = pushCount;
    const isGivenUp = (): boolean => controller.signal.reason === GIVEN_UP;
    show(flagged(snapshot, { isFetching: true }));
    try {
      const request = { path, controller, timeoutMs: timing.requestTimeoutMs };
      const answer = await loadJson(http, clock, request);
      const data = answer.text === text ? snapshot.data : parseJson(path, answer.text);
      if (isGivenUp()) return "done";
      // What was pushed meanwhile may be newer than this answer, and whatever comes after it will be told.
      if (pushCount > pushesBefore) {
        show(flagged(snapshot, { isFetching: false }));
        return "done";
      }
      const isStale = notices > noticesBefore;
      ({ text, etag } = answer);
      shown.learn(answer.position);
      unwatchable = answer.token === undefined;
      show(loaded(data, clock.now(), isStale));
      // An earlier watch is better than none, and what is stale already is fetched again, not watched.
      if (answer.token !== undefined && !isStale) watch.set(answer.token);
      return "done";
    } catch (error) {
      if (isGivenUp()) return "done";
      show(failed(snapshot, error as LiveError));
      return mayPass(error as LiveError) ? "retry" : "done";
    }
  }

  function end(): void {
    if (ended) return;
    ended = true;
    lingering?.();
    refetch.stop();
    watch.close();
    disconnect();
    show(flagged(snapshot, { isFetching: false }));
    onEnd();
  }

  return {
    get snapshot() {
      return snapshot;
    },
    subscribe(listener) {
      const remove = listeners.add(listener);
      if (!ended) {
        lingering?.();
        lingering = undefined;
        look();
      }
      return () => {
        remove();
        lingerIfUnseen();
      };
    },
    async refetch() {
      if (ended) return;
      await refetch.now();
      lingerIfUnseen();
    },
    poll() {
      if (!isTold() && !refetch.running) refetch.ask(timing.jitterMs);
    },
    end,
  };
}
