/** A seeded source of chance: the same seed gives the same story. */
export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number;
  pick<T>(list: readonly T[]): T;
}

/** Makes a source from any integer (the mulberry32 generator). */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, pick: (list) => list[Math.floor(next() * list.length)]! };
}
