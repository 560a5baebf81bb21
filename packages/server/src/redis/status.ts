import type { LiveError } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { GroundStatus } from "../ports/ground.ts";

/** Whether Redis answers, and who wants to hear of it. */
export interface StatusBoard {
  now(): GroundStatus;
  here(): void;
  away(cause: LiveError): void;
  onChange(listener: (status: GroundStatus) => void): () => void;
}

/** Makes a board that says "away" until told otherwise. What a listener throws goes to `onThrow`, and to nobody else. */
export function createStatusBoard(clock: Clock, onThrow: (error: unknown) => void): StatusBoard {
  const listeners = new Set<(status: GroundStatus) => void>();
  let status: GroundStatus = { state: "away", sinceMs: clock.now(), cause: "not connected yet" };

  function become(next: GroundStatus): void {
    const isNews = next.state !== status.state;
    // The cause of a long absence may change; since when does not.
    status = isNews ? next : { ...next, sinceMs: status.sinceMs };
    if (isNews) for (const listener of listeners) tell(listener);
  }

  function tell(listener: (now: GroundStatus) => void): void {
    try {
      listener(status);
    } catch (error) {
      onThrow(error);
    }
  }

  return {
    now: () => status,
    here: () => become({ state: "here", sinceMs: clock.now() }),
    away: (cause) => become({ state: "away", sinceMs: clock.now(), cause: cause.message }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
