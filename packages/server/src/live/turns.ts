/** Lets so many do something at a time, in the order in which they came. */
export interface Turns {
  /** Waits for a turn. The answer ends it, and is to be called once. */
  take(): Promise<() => void>;
}

/** Makes turns of which `most` are out at a time. */
export function createTurns(most: number): Turns {
  const waiting: (() => void)[] = [];
  let free = most;
  function end(): void {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
  return {
    async take() {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return end;
    },
  };
}
