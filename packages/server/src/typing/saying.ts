import type { Cancel, Clock } from "../base/clock.ts";

/** How long somebody types who says nothing more. */
const TYPING_MS = 5_000;

/** Shortest time between two messages about one user in one channel. */
const SAID_EVERY_MS = 1_000;

/** What this node says of one user in one channel. */
export interface Saying {
  /** A socket of the user says that they type, or that they do not. */
  note(socket: string, on: boolean): void;
  /** Says nothing more. */
  close(): void;
}

/** What saying needs from its surroundings. */
export interface SayingParts {
  readonly clock: Clock;
  /** Tells all nodes that the user types for `ttlMs`; 0: no more. */
  readonly say: (ttlMs: number) => void;
  /** Nothing is to be said any more. */
  readonly onOver: () => void;
}

/** Says what the sockets of one user come to: at most once a second, the last word never lost. */
export function createSaying({ clock, say, onOver }: SayingParts): Saying {
  const ends = new Map<string, number>();
  /** Until when others take the user to type, by what was said. */
  let believedUntilMs = 0;
  let mayAtMs = Number.NEGATIVE_INFINITY;
  let cancel: Cancel = () => undefined;

  function endsAtMs(nowMs: number): number {
    for (const [socket, end] of ends) if (end <= nowMs) ends.delete(socket);
    return Math.max(nowMs, ...ends.values());
  }

  function wakeAt(atMs: number): void {
    cancel();
    cancel = clock.after(Math.max(0, atMs - clock.now()), settle);
  }

  /** Says what has changed since it was last said, as soon as it may. */
  function settle(): void {
    const nowMs = clock.now();
    if (nowMs < mayAtMs) return wakeAt(mayAtMs);
    const untilMs = endsAtMs(nowMs);
    const isOver = untilMs <= nowMs;
    // Whose time is over by what was said is no more to be told of.
    if (isOver && believedUntilMs <= nowMs) {
      cancel();
      return onOver();
    }
    if (untilMs === believedUntilMs) return wakeAt(untilMs);
    believedUntilMs = isOver ? 0 : untilMs;
    mayAtMs = nowMs + SAID_EVERY_MS;
    wakeAt(mayAtMs);
    say(untilMs - nowMs);
  }

  return {
    note(socket, on) {
      if (on) ends.set(socket, clock.now() + TYPING_MS);
      else ends.delete(socket);
      settle();
    },
    close: () => cancel(),
  };
}
