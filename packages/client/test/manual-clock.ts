import type { Cancel, Clock } from "../src/clock.ts";

/** A clock that stands still until a test moves it. Chance always gives the same number. */
export class ManualClock implements Clock {
  #nowMs = 0;
  readonly #chance: number;
  readonly #tasks = new Set<{ readonly atMs: number; readonly task: () => void }>();

  constructor(chance = 0) {
    this.#chance = chance;
  }

  now(): number {
    return this.#nowMs;
  }

  random(): number {
    return this.#chance;
  }

  after(delayMs: number, task: () => void): Cancel {
    const entry = { atMs: this.#nowMs + delayMs, task };
    this.#tasks.add(entry);
    return () => void this.#tasks.delete(entry);
  }

  get pending(): number {
    return this.#tasks.size;
  }

  /** Moves on, running what falls due in its order, and lets promises settle. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const due = [...this.#tasks]
        .filter((entry) => entry.atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.#tasks.delete(due);
      this.#nowMs = due.atMs;
      due.task();
      await settle();
    }
    this.#nowMs = untilMs;
    await settle();
  }
}

/** Lets everything that is already resolved run on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
