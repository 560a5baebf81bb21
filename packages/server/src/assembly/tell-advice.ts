import type { Ground } from "../ports/ground.ts";

/** Writes what should be otherwise with the ground into the log, each thing once, whenever the ground comes to be there. */
export function tellAdvice(around: {
  readonly ground: Pick<Ground, "kind" | "advice" | "onStatus">;
  readonly signal: AbortSignal;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}): void {
  const { ground, signal, warn } = around;
  const told = new Set<string>();

  function tell(): void {
    for (const { code, isWarning, what, why, fix } of ground.advice()) {
      if (!isWarning || told.has(code)) continue;
      told.add(code);
      warn(`about the ${ground.kind} ground: ${what}; ${why}. To mend it: ${fix}`, { code });
    }
  }

  tell();
  const stopListening = ground.onStatus(({ state }) => {
    if (state === "here") tell();
  });
  signal.addEventListener("abort", stopListening, { once: true });
}
