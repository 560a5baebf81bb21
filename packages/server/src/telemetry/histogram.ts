/** Counts how long things take, in buckets. Seconds. */
export interface Histogram {
  observe(seconds: number): void;
  /** Upper bounds with how many took no longer, the last one for all; and the sum of all. */
  read(): { readonly buckets: readonly (readonly [le: string, count: number])[]; readonly sum: number };
}

const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes an empty histogram, from half a millisecond to ten seconds. */
export function createHistogram(): Histogram {
  const counts = Array.from({ length: BOUNDS.length + 1 }, () => 0);
  let sum = 0;
  return {
    observe(seconds) {
      const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
      counts[bucket === -1 ? BOUNDS.length : bucket]!++;
      sum += seconds;
    },
    read() {
      let total = 0;
      const buckets = counts.map((count, index) => {
        total += count;
        return [index < BOUNDS.length ? String(BOUNDS[index]) : "+Inf", total] as const;
      });
      return { buckets, sum };
    },
  };
}
