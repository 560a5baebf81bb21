/** Where the middle of a list of numbers is, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The value that a share of the numbers is not above (nearest rank). `share` is above 0 and at most 1.
 *
 * @throws RangeError for an empty list or another share
 */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError("percentile: expected at least one number, received none.");
  if (!(share > 0 && share <= 1))
    throw new RangeError(`percentile: expected a share in (0, 1], received ${share}.`);
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.ceil(share * sorted.length) - 1]!;
}

/**
 * The middle number; the mean of the two middle ones when there is an even count.
 *
 * @throws RangeError for an empty list
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("median: expected at least one number, received none.");
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Median, smallest and largest. @throws RangeError for an empty list */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/** The list in another order, drawn by `integer(bound)`; the list itself stays as it is. */
export function shuffled<T>(list: readonly T[], integer: (bound: number) => number): readonly T[] {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = integer(last + 1);
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}
