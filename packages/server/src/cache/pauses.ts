import { LRUCache } from "lru-cache";
import type { Clock } from "../base/clock.ts";

/** Keys for which something is not tried again for a while. Bounded: the key paused longest ago is forgotten first. */
export interface Pauses {
  isPaused(key: string): boolean;
  pause(key: string, forMs: number): void;
}

/** Makes a memory of at most `maxKeys` pauses. */
export function createPauses(clock: Clock, maxKeys: number): Pauses {
  // Counted by size: with `max` the memory for all of them would be taken at once.
  const untilMs = new LRUCache<string, number>({ maxSize: maxKeys, sizeCalculation: () => 1 });
  return {
    isPaused: (key) => clock.now() < (untilMs.peek(key) ?? Number.NEGATIVE_INFINITY),
    pause: (key, forMs) => void untilMs.set(key, clock.now() + forMs),
  };
}
