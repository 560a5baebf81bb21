/** What the run counts, as it happens. */
export interface Tally {
  requests: number;
  writes: number;
  hits: number;
  originLoads: number;
  eventsDelivered: number;
  /** Reads that lacked a write although they presented its position. */
  staleReads: number;
  /** Time from the answer to a write until a screen showed it, for each screen it concerned. */
  readonly stalenessesMs: number[];
  readonly errors: Map<string, number>;
}

export function createTally(): Tally {
  return {
    requests: 0,
    writes: 0,
    hits: 0,
    originLoads: 0,
    eventsDelivered: 0,
    staleReads: 0,
    stalenessesMs: [],
    errors: new Map(),
  };
}

/** Counts something that failed. The run goes on. */
export function countError(tally: Tally, what: string): void {
  tally.errors.set(what, (tally.errors.get(what) ?? 0) + 1);
}

export function totalErrors(tally: Tally): number {
  return [...tally.errors.values()].reduce((sum, count) => sum + count, 0);
}
