import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Ground } from "../ports/ground.ts";

const LOOK_EVERY_MS = 60_000;

/**
 * Writes what should be otherwise with the ground into the log: when the ground comes to be there, and what is new every minute. Each
 * thing is told once, and once more when it was mended in between.
 */
export function tellAdvice(around: {
  readonly ground: Pick<Ground, "kind" | "advice" | "onStatus">;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}): void {
  const { ground, clock, tasks, signal, warn } = around;
  // Memory has nothing to be mended.
  if (ground.kind === "memory") return;
  let told: readonly string[] = [];

  function tell(): void {
    const warnings = ground.advice().filter(({ isWarning }) => isWarning);
    for (const { code, what, why, fix } of warnings) {
      if (told.includes(code)) continue;
      warn(`about the ${ground.kind} ground: ${what}; ${why}. To mend it: ${fix}`, { code });
    }
    told = warnings.map(({ code }) => code);
  }

  async function tellOn(): Promise<void> {
    while (!signal.aborted) {
      tell();
      await sleep(clock, LOOK_EVERY_MS, signal);
    }
  }

  tasks.track(tellOn());
  const stopListening = ground.onStatus(({ state }) => {
    if (state === "here") tell();
  });
  signal.addEventListener("abort", stopListening, { once: true });
}
