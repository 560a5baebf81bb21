import type { Clock } from "../base/clock.ts";

/** How waiting for something that may fail, or take too long, has ended. */
export type Ending<T> =
  | { readonly type: "came"; readonly value: T }
  | { readonly type: "failed"; readonly error: unknown }
  /** It is still under way; whoever stops waiting must see to it that its failure reaches nobody as a surprise. */
  | { readonly type: "late" };

/** Waits for `work` at most `limitMs`, or as long as it takes. Never rejects. */
export function waitFor<T>(clock: Clock, work: Promise<T>, limitMs: number | undefined): Promise<Ending<T>> {
  const ending = work.then(
    (value) => ({ type: "came", value }) as const,
    (error: unknown) => ({ type: "failed", error }) as const,
  );
  if (limitMs === undefined) return ending;
  return new Promise((resolve) => {
    const cancel = clock.after(Math.max(0, limitMs), () => resolve({ type: "late" }));
    void ending.then((end) => {
      cancel();
      resolve(end);
    });
  });
}
