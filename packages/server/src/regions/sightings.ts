import type { Clock } from "../base/clock.ts";
import type { Point } from "./geohash.ts";

/** Where a socket was seen last. */
export interface Sighting {
  readonly socketId: string;
  readonly location: Point;
  /** `undefined`: it was refused the channel of its cell, so it is in none. */
  readonly cell: string | undefined;
}

/** Takes sightings together. */
export interface Sightings {
  /** Notes where a socket is. It costs nothing but the note. */
  note(socketId: string, location: Point, cell: string | undefined): void;
  forget(socketId: string): void;
  close(): void;
}

const EVERY_MS = 1_000;

/** Collects sightings, and tells them at most once a second: of each socket the last one. */
export function createSightings(
  clock: Clock,
  onSeen: (sightings: readonly Sighting[]) => void = () => undefined,
): Sightings {
  const seen = new Map<string, Sighting>();
  let cancel: (() => void) | undefined;

  function tell(): void {
    cancel = undefined;
    const sightings = [...seen.values()];
    seen.clear();
    if (sightings.length > 0) onSeen(sightings);
  }

  return {
    note(socketId, location, cell) {
      seen.set(socketId, { socketId, location, cell });
      cancel ??= clock.after(EVERY_MS, tell);
    },
    forget: (socketId) => void seen.delete(socketId),
    close() {
      cancel?.();
      seen.clear();
    },
  };
}
