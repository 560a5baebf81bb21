import { Backoff } from "./backoff.ts";
import type { Cancel, Clock } from "./clock.ts";
import type { Timing } from "./timing.ts";

/** `"retry"`: it failed in a way that may pass, so try again after a pause. */
export type RunOutcome = "done" | "retry";

/** What a {@link Refetch} works with. */
export interface RefetchParts {
  readonly clock: Clock;
  readonly timing: Timing;
  /** Whether nobody would see the result just now: an asked run then waits for {@link Refetch.release}. */
  readonly held: () => boolean;
  /** Fetches once and never rejects. Once `signal` is aborted, its outcome counts for nothing. */
  readonly run: (signal: AbortSignal) => Promise<RunOutcome>;
}

/**
 * Decides when one path is fetched. At most one run is under way, so no response can overtake another; and whoever asks is owed
 * a run that *begins* after the asking, because one under way may already have read the old state.
 *
 * States: resting; scheduled (a timer gathers further askings); held (a run is owed but nobody looks); running; pausing after a
 * failure. An asking while running leads back to scheduled when the run ends.
 */
export class Refetch {
  readonly #parts: RefetchParts;
  readonly #backoff: Backoff;
  #owed = false;
  #scheduled: Cancel | undefined;
  #running: AbortController | undefined;
  /** Callers of {@link Refetch.now} that the next run, and the present run, will serve. */
  #waiting: (() => void)[] = [];
  #served: (() => void)[] = [];

  constructor(parts: RefetchParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.clock, parts.timing);
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Whether the last run failed and will be repeated. */
  get pausing(): boolean {
    return this.#backoff.pending;
  }

  /** Owes a run that begins within the coalescing time plus a random part of `spreadMs`. Further askings join it. */
  ask(spreadMs: number): void {
    this.#owed = true;
    if (this.#running || this.#scheduled) return;
    this.#backoff.cancel();
    const { clock, timing } = this.#parts;
    this.#scheduled = clock.after(timing.coalesceMs + clock.random() * spreadMs, () => {
      this.#scheduled = undefined;
      this.release();
    });
  }

  /** Runs at once, held or not; when a run is under way, right after it. Resolves when that run has ended, well or badly. */
  now(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#running) this.#begin();
    });
  }

  /** Gives up the run under way, whose connection may be dead, and asks for another. */
  restart(spreadMs: number): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#waiting.unshift(...this.#served.splice(0));
    this.ask(spreadMs);
  }

  /** Begins the run that is owed, if one is, and if nothing else stands against it. */
  release(): void {
    if (this.#owed && !this.#running && !this.#scheduled && !this.#parts.held()) this.#begin();
  }

  /** Gives up everything; callers of {@link Refetch.now} are let go. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#scheduled?.();
    this.#scheduled = undefined;
    this.#backoff.reset();
    this.#owed = false;
    for (const resolve of [...this.#served.splice(0), ...this.#waiting.splice(0)]) resolve();
  }

  #begin(): void {
    this.#scheduled?.();
    this.#scheduled = undefined;
    this.#backoff.cancel();
    this.#owed = false;
    this.#served = this.#waiting.splice(0);
    const controller = new AbortController();
    this.#running = controller;
    void this.#parts.run(controller.signal).then((outcome) => {
      if (this.#running === controller) this.#end(outcome);
    });
  }

  #end(outcome: RunOutcome): void {
    this.#running = undefined;
    for (const resolve of this.#served.splice(0)) resolve();
    if (outcome === "done") this.#backoff.reset();
    if (this.#waiting.length > 0) {
      this.#begin();
    } else if (outcome === "retry") {
      this.#owed = true;
      this.#backoff.schedule(() => this.release());
    } else if (this.#owed) {
      this.ask(this.#parts.timing.jitterMs);
    }
  }
}
