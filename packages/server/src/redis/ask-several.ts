import type { LiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";

/** What several who were asked the same have said so far. */
export interface Answers<T> {
  readonly answers: readonly T[];
  readonly failures: readonly LiveError[];
}

/** How long the others are waited for when one has answered: one that was cut off may still tell what was before. */
const GRACE_MS = 100;

/** Waits for several answers, each of which comes or fails in its own time: until all have come, or shortly after the first good one. */
export async function answersOf<T>(
  { clock, tasks, signal }: { clock: Clock; tasks: Tasks; signal: AbortSignal },
  asked: readonly Promise<T>[],
): Promise<Answers<T>> {
  const answers: T[] = [];
  const failures: LiveError[] = [];
  const noted = asked.map((one) =>
    one.then(
      (answer) => void answers.push(answer),
      (error: LiveError) => {
        failures.push(error);
        throw error;
      },
    ),
  );
  const all = Promise.allSettled(noted);
  tasks.track(all);
  const enough = Promise.any(noted).then(() => sleep(clock, GRACE_MS, signal));
  await Promise.race([all, enough.catch(() => all)]);
  return { answers: [...answers], failures: [...failures] };
}
