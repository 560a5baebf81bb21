import { randomInt } from "node:crypto";
import { isLiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { ChangeSink, RunningSource } from "../ports/change-source.ts";

/** What {@link keepRunning} needs. */
export interface KeepRunningParts {
  readonly sink: Pick<ChangeSink, "tell">;
  readonly clock: Clock;
  /**
   * One connection to the source, from asking the sink for the place until it ends. It ends early when `signal` is aborted, and closes
   * whatever it opened before it resolves or rejects. Calling `settled` says that it works, so that the next pause is short again.
   */
  readonly session: (signal: AbortSignal, settled: () => void) => Promise<void>;
  readonly wake?: () => void;
}

/** Longest pause before the first new session, and before any. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Errors that another session would meet again. */
const STOPS: readonly string[] = ["LIVE_SOURCE_STOPPED", "LIVE_SOURCE_REFUSED", "LIVE_OPTIONS_INVALID"];

/**
 * Runs one session of a source after the other until it is closed, with pauses of random length (full jitter) that grow while
 * sessions fail. After an error that another session would meet again there is none.
 */
export function keepRunning(parts: KeepRunningParts): RunningSource {
  const { sink, clock, session, wake } = parts;
  const closing = new AbortController();
  const { signal } = closing;
  let capMs = FIRST_PAUSE_MS;
  const settled = (): void => {
    capMs = FIRST_PAUSE_MS;
  };

  /** Runs a session; answers how long to wait for the next, or `undefined` when there is to be none. */
  async function runOne(): Promise<number | undefined> {
    try {
      await session(signal, settled);
      return FIRST_PAUSE_MS;
    } catch (error) {
      const code = isLiveError(error) ? error.code : "";
      if (signal.aborted || code === "LIVE_CLOSED") return undefined;
      if (STOPS.includes(code)) {
        sink.tell({ state: "stopped", error });
        return undefined;
      }
      if (code !== "LIVE_SOURCE_MOVED") sink.tell({ state: "away", error });
      const pauseMs = randomInt(capMs) + 1;
      capMs = Math.min(capMs * 2, LONGEST_PAUSE_MS);
      return pauseMs;
    }
  }

  async function run(): Promise<void> {
    for (;;) {
      const pauseMs = await runOne();
      if (pauseMs === undefined) return;
      await sleep(clock, pauseMs, signal);
      if (signal.aborted) return;
    }
  }

  const running = run();
  return {
    ...(wake ? { wake } : {}),
    async close() {
      closing.abort();
      await running;
    },
  };
}
