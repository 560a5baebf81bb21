/** Numbers that look random and repeat exactly for equal seeds. */
export interface SeededRandom {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `bound`. */
  integer(bound: number): number;
  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
}

/** Makes a generator (a 32-bit counter, mixed by two rounds of multiply and shift). */
export function seededRandom(seed: number): SeededRandom {
  let counter = Math.imul(seed ^ 0x5bf03635, 0x9e3779b1) >>> 0;
  const next = (): number => {
    counter = (counter + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const integer = (bound: number): number => Math.floor(next() * bound);
  return { next, integer, pick: (list) => list[integer(list.length)]! };
}
