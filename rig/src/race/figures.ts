/** What a search for stale reads found. `staleSeeds` are the first few seeds to replay. */
export interface RaceFigures {
  readonly interleavings: number;
  readonly stale: number;
  readonly staleSeeds: readonly number[];
  readonly reads: number;
  readonly writes: number;
  readonly loads: number;
  readonly seconds: number;
}

/** What one interleaving adds to the figures. */
export interface RaceResult {
  readonly stale: readonly unknown[];
  readonly reads: number;
  readonly writes: number;
  readonly loads: number;
}

/** Sums up results as they come in, and tells the first few findings as they are made. */
export function createTally(report: (line: string) => void): {
  add(seed: number, result: RaceResult): void;
  figures(): RaceFigures;
} {
  const startedAt = performance.now();
  const total = { interleavings: 0, stale: 0, reads: 0, writes: 0, loads: 0 };
  const staleSeeds: number[] = [];
  return {
    add(seed, { stale, reads, writes, loads }) {
      total.interleavings++;
      total.stale += stale.length;
      total.reads += reads;
      total.writes += writes;
      total.loads += loads;
      if (stale.length === 0) return;
      if (staleSeeds.push(seed) <= 3) report(`seed ${seed}: ${JSON.stringify(stale[0])}`);
    },
    figures: () => ({
      ...total,
      staleSeeds: staleSeeds.slice(0, 10),
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    }),
  };
}
