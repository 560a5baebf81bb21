/**
 * How long things took, counted in buckets: pairs of the number of a bucket and how many fell into it, lowest first. Each bucket is wider
 * than the one before by the factor √2, so that a percentile read from it is at most 42 % too large. Spreads of several nodes add up.
 */
export type LatencySpread = readonly (readonly [bucket: number, count: number])[];

/** Upper bound of the first bucket, in milliseconds; the last one takes everything longer than about 12 s. */
const FIRST_MS = 0.001;
const BUCKETS = 48;

/** The bucket that a duration in milliseconds falls into. */
export function latencyBucket(ms: number): number {
  if (!(ms > FIRST_MS)) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(2 * Math.log2(ms / FIRST_MS)));
}

/** Adds up what several nodes have counted. */
export function addLatencies(spreads: readonly LatencySpread[]): LatencySpread {
  const sums = new Map<number, number>();
  for (const [bucket, count] of spreads.flat()) sums.set(bucket, (sums.get(bucket) ?? 0) + count);
  return [...sums].sort(([a], [b]) => a - b);
}

/**
 * How long the given share of all took at most, in milliseconds: `latencyPercentile(spread, 0.99)`. `undefined` when nothing was counted.
 */
export function latencyPercentile(spread: LatencySpread, share: number): number | undefined {
  const total = spread.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return undefined;
  let seen = 0;
  for (const [bucket, count] of spread) {
    seen += count;
    if (seen >= total * share) return FIRST_MS * 2 ** (bucket / 2);
  }
  return undefined;
}
