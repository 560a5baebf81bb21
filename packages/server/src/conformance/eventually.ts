import { AsyncLocalStorage } from "node:async_hooks";
import { sleep, systemClock } from "../base/clock.ts";

/** Longest that anything in a suite may take, unless the run of a case has a bound of its own. */
const WITHIN_MS = 8_000;

const patience = new AsyncLocalStorage<number>();

/** Runs a case that waits at most so long for any one thing. */
export function withPatience<T>(withinMs: number | undefined, run: () => Promise<T>): Promise<T> {
  return withinMs === undefined ? run() : patience.run(withinMs, run);
}

/**
 * Asks again and again until the answer is neither `undefined` nor `false`, and answers that.
 *
 * @throws Error naming what did not happen within 8 s, or the bound of {@link withPatience}
 */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
): Promise<Exclude<T, undefined | false>> {
  const withinMs = patience.getStore() ?? WITHIN_MS;
  const endsAtMs = systemClock.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    if (systemClock.now() > endsAtMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(systemClock, 2);
  }
}
