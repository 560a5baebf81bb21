import type { Clock } from "../base/clock.ts";

/** Answers those who have waited for one load a few at a time, so that the process is not held while hundreds of responses are written. */
export interface LandingTurns {
  /** Waits for a turn, unless there is one now. */
  take(clock: Clock): Promise<void> | undefined;
}

/** How many are answered in one turn of the process. */
const AT_ONCE = 16;

/** Makes the turns of one route. Who came first goes first. */
export function createLandingTurns(): LandingTurns {
  const waiting: (() => void)[] = [];
  let taken = 0;
  let isTurn = false;

  function nextTurn(clock: Clock): void {
    const next = waiting.splice(0, AT_ONCE);
    taken = next.length;
    isTurn = taken > 0;
    if (isTurn) clock.after(0, () => nextTurn(clock));
    for (const go of next) go();
  }

  return {
    take(clock) {
      if (!isTurn) {
        isTurn = true;
        clock.after(0, () => nextTurn(clock));
      }
      if (taken >= AT_ONCE) return new Promise<void>((resolve) => waiting.push(resolve));
      taken++;
      return undefined;
    },
  };
}
