/** Undoes what was begun; calling it twice, or late, does nothing. */
export type Cancel = () => void;

/** Time and chance, as every part of the client sees them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `task` once after `delayMs`. */
  after(delayMs: number, task: () => void): Cancel;
  /** A number from 0 up to, but not including, 1. */
  random(): number;
}

/** The machine's own time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
