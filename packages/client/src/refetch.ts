import { createBackoff } from "./backoff.ts";
import type { Cancel, Clock } from "./clock.ts";
import type { Timing } from "./timing.ts";

/** `"retry"`: it failed in a way that may pass, so try again after a pause. */
export type RunOutcome = "done" | "retry";

/** Why a run is aborted that nobody is interested in any more. */
export const GIVEN_UP = "given up";

/** What a refetch works with. */
export interface RefetchParts {
  readonly clock: Clock;
  readonly timing: Timing;
  /** Whether nobody would see the result just now: an asked run then waits for `release`. */
  readonly held: () => boolean;
  /** Fetches once and never rejects. Once `controller` is aborted with {@link GIVEN_UP}, its outcome counts for nothing. */
  readonly run: (controller: AbortController) => Promise<RunOutcome>;
}

/**
 * Decides when one path is fetched. At most one run is under way, so no response can overtake another; and whoever asks is owed
 * a run that *begins* after the asking, because one under way may already have read the old state.
 *
 * States: resting; scheduled (a timer gathers further askings); held (a run is owed but nobody looks); running; pausing after a
 * failure. An asking while running leads back to scheduled when the run ends.
 */
export interface Refetch {
  readonly running: boolean;
  /** Whether the last run failed and will be repeated. */
  readonly pausing: boolean;
  /** Owes a run that begins within the coalescing time plus a random part of `spreadMs`. Further askings join it. */
  ask(spreadMs: number): void;
  /** Runs at once, held or not; when a run is under way, right after it. Resolves when that run has ended, well or badly. */
  now(): Promise<void>;
  /** Gives up the run under way, whose connection may be dead, and asks for another. */
  restart(spreadMs: number): void;
  /** Begins the run that is owed, if one is, and if nothing else stands against it. */
  release(): void;
  /** Nobody is owed a run any more. */
  forgive(): void;
  /** Gives up everything; callers of `now` are let go. */
  stop(): void;
}

/** Makes a refetch that rests. */
export function createRefetch({ clock, timing, held, run }: RefetchParts): Refetch {
  const backoff = createBackoff(clock, timing);
  let owed = false;
  let scheduled: Cancel | undefined;
  let running: AbortController | undefined;
  /** Callers of `now` that the next run, and the present run, will serve. */
  const waiting: (() => void)[] = [];
  let served: (() => void)[] = [];

  function unschedule(): void {
    scheduled?.();
    scheduled = undefined;
    backoff.cancel();
    owed = false;
  }

  function abort(): void {
    running?.abort(GIVEN_UP);
    running = undefined;
  }

  function ask(spreadMs: number): void {
    owed = true;
    if (running || scheduled) return;
    backoff.cancel();
    scheduled = clock.after(timing.coalesceMs + clock.random() * spreadMs, () => {
      scheduled = undefined;
      release();
    });
  }

  function release(): void {
    if (owed && !running && !scheduled && !held()) begin();
  }

  function begin(): void {
    unschedule();
    served = waiting.splice(0);
    const controller = new AbortController();
    running = controller;
    void run(controller).then((outcome) => {
      if (running === controller) end(outcome);
    });
  }

  function end(outcome: RunOutcome): void {
    running = undefined;
    for (const resolve of served.splice(0)) resolve();
    if (outcome === "done") backoff.reset();
    if (waiting.length > 0) return begin();
    if (outcome === "done") return owed ? ask(timing.jitterMs) : undefined;
    owed = true;
    backoff.schedule(release);
  }

  return {
    get running() {
      return running !== undefined;
    },
    get pausing() {
      return backoff.pending;
    },
    ask,
    now: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (!running) begin();
      }),
    restart(spreadMs) {
      abort();
      waiting.unshift(...served.splice(0));
      ask(spreadMs);
    },
    release,
    forgive() {
      if (!running) unschedule();
    },
    stop() {
      abort();
      unschedule();
      backoff.reset();
      for (const resolve of served.concat(waiting.splice(0))) resolve();
    },
  };
}
