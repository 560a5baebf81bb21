import type { Cancel } from "./clock.ts";

/** Those who want to hear of one thing. A listener that throws does not keep the others from hearing. */
export class Listeners<Args extends readonly unknown[] = []> {
  readonly #entries = new Set<{ readonly call: (...args: Args) => void }>();

  get size(): number {
    return this.#entries.size;
  }

  /** The same function may be added several times; each addition is removed for itself. */
  add(call: (...args: Args) => void): Cancel {
    const entry = { call };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** Calls those who listen now, in the order of their coming; who is removed meanwhile is not called any more. */
  notify(...args: Args): void {
    for (const entry of [...this.#entries]) {
      if (this.#entries.has(entry)) guard(() => entry.call(...args));
    }
  }
}

/** Runs code of the application. What it throws is reported as an uncaught error and goes no further. */
export function guard(run: () => void): void {
  try {
    run();
  } catch (error) {
    report(error);
  }
}

/** Shows an error that nobody handles, without ending a Node process. */
export function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}
