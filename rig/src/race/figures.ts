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

/** Sums up results as they come in. */
export interface Tally {
  add(seed: number, result: RaceResult): void;
  figures(): RaceFigures;
}

const MOST_SEEDS_KEPT = 10;

/** Makes an empty tally; `report` is told the first three findings as they are made. */
export function createTally(report: (line: string) => void): Tally {
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
      staleSeeds: staleSeeds.slice(0, MOST_SEEDS_KEPT),
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    }),
  };
}

/** Adds up the figures of several searches that ran beside each other. */
export function sumFigures(parts: readonly RaceFigures[]): RaceFigures {
  const sum = (name: "interleavings" | "stale" | "reads" | "writes" | "loads"): number =>
    parts.reduce((total, part) => total + part[name], 0);
  return {
    interleavings: sum("interleavings"),
    stale: sum("stale"),
    staleSeeds: parts.flatMap((part) => part.staleSeeds).slice(0, MOST_SEEDS_KEPT),
    reads: sum("reads"),
    writes: sum("writes"),
    loads: sum("loads"),
    seconds: Math.max(...parts.map((part) => part.seconds)),
  };
}
