import type { Clock } from "../base/clock.ts";

/** Longest that one answer of the database is waited for. */
const ANSWER_MS = 5_000;

/** The database did not answer in time; the statement may still be carried out. */
class NoAnswer extends Error {
  constructor(what: string, limitMs: number) {
    super(`PostgreSQL: ${what}: no answer within ${limitMs} ms`);
    this.name = "NoAnswer";
  }
}

/** Waits for `work` at most `limitMs`; a late outcome is swallowed. Rejects with {@link NoAnswer} when the time is up. */
export function answered<T>(
  clock: Clock,
  work: Promise<T>,
  { what, limitMs = ANSWER_MS }: { readonly what: string; readonly limitMs?: number },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => reject(new NoAnswer(what, limitMs)));
    work.then(resolve, reject).finally(cancel);
  });
}
