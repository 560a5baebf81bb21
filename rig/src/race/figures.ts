import type { Feature } from "./features.ts";

/** What really happened in one interleaving: one that exercises nothing proves nothing. */
export interface Counts {
  reads: number;
  writes: number;
  /** Readers who were told that there is no value: the load failed, or took too long. */
  failed: number;
  loads: number;
  /** Loads of which nobody's own answer depended. */
  refreshes: number;
  /** Entries that the ground found unusable, values that it refused, calls that were lost. */
  invalid: number;
  refused: number;
  lost: number;
  /** Answers by reason. */
  readonly reasons: Record<string, number>;
}

/** Nothing has happened yet. */
export function createCounts(): Counts {
  return {
    ...{ reads: 0, writes: 0, failed: 0, loads: 0, refreshes: 0, invalid: 0, refused: 0, lost: 0 },
    reasons: {},
  };
}

/** Counts of all interleavings with one feature. */
interface FeatureFigures extends Counts {
  interleavings: number;
}

/** What a search for stale reads found. `staleSeeds` are the first few seeds to replay. */
export interface RaceFigures extends Counts {
  readonly interleavings: number;
  readonly stale: number;
  readonly staleSeeds: readonly number[];
  readonly features: Readonly<Partial<Record<Feature, Readonly<FeatureFigures>>>>;
  readonly seconds: number;
}

/** What one interleaving adds to the figures. */
export interface RaceResult {
  readonly stale: readonly unknown[];
  readonly features: Iterable<Feature>;
  readonly counts: Counts;
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
  const counts = createCounts();
  let interleavings = 0;
  let stale = 0;
  const features: Partial<Record<Feature, FeatureFigures>> = {};
  const staleSeeds: number[] = [];
  return {
    add(seed, result) {
      interleavings++;
      stale += result.stale.length;
      addCounts(counts, result.counts);
      for (const feature of result.features) {
        const its = (features[feature] ??= { interleavings: 0, ...createCounts() });
        its.interleavings++;
        addCounts(its, result.counts);
      }
      if (result.stale.length === 0) return;
      if (staleSeeds.push(seed) <= 3) report(`seed ${seed}: ${JSON.stringify(result.stale[0])}`);
    },
    figures: () => ({
      ...{ interleavings, stale, staleSeeds: staleSeeds.slice(0, MOST_SEEDS_KEPT) },
      ...counts,
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      features,
    }),
  };
}

const NUMBERS = ["reads", "writes", "failed", "loads", "refreshes", "invalid", "refused", "lost"] as const;

function addCounts(sum: Counts, part: Counts): void {
  for (const name of NUMBERS) sum[name] += part[name];
  for (const [reason, count] of Object.entries(part.reasons)) {
    sum.reasons[reason] = (sum.reasons[reason] ?? 0) + count;
  }
}

/** Adds up the figures of several searches that ran beside each other. */
export function sumFigures(parts: readonly RaceFigures[]): RaceFigures {
  const counts = createCounts();
  const features: Partial<Record<Feature, FeatureFigures>> = {};
  for (const part of parts) {
    addCounts(counts, part);
    for (const [name, figures] of Object.entries(part.features)) {
      const its = (features[name as Feature] ??= { interleavings: 0, ...createCounts() });
      its.interleavings += figures.interleavings;
      addCounts(its, figures);
    }
  }
  return {
    interleavings: parts.reduce((sum, part) => sum + part.interleavings, 0),
    stale: parts.reduce((sum, part) => sum + part.stale, 0),
    staleSeeds: parts.flatMap((part) => part.staleSeeds).slice(0, MOST_SEEDS_KEPT),
    ...counts,
    seconds: Math.max(...parts.map((part) => part.seconds)),
    features,
  };
}
