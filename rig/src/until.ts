/** What {@link until} waits for, and how long. */
export interface Bound {
  readonly what: string;
  readonly withinMs: number;
}

/**
 * Waits until `condition` answers something truthy, and answers that. A condition that throws counts as not yet met.
 *
 * @throws Error naming what did not happen in time, with the condition's last error as its cause
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what, withinMs }: Bound,
): Promise<NonNullable<T>> {
  const endsAt = performance.now() + withinMs;
  let cause: unknown;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 1.5, 25)) {
    try {
      const answer = await condition();
      if (answer) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > endsAt) throw new Error(`not within ${withinMs} ms: ${what}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
