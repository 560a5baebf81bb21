import { sleep, systemClock } from "../base/clock.ts";

/** Longest that anything in a suite may take. */
const WITHIN_MS = 8_000;

/**
 * Asks again and again until the answer is neither `undefined` nor `false`, and answers that.
 *
 * @throws Error naming what did not happen within 8 s
 */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
): Promise<Exclude<T, undefined | false>> {
  const endsAtMs = systemClock.now() + WITHIN_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    if (systemClock.now() > endsAtMs) throw new Error(`not within ${WITHIN_MS} ms: ${what}`);
    await sleep(systemClock, 2);
  }
}
