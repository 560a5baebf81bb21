import type { SimClock } from "./sim-clock.ts";

/** The database of a simulation: rows with versions, and a replica that lags behind. */
export interface Origin {
  /** Writes a row, and answers its new version. */
  write(row: string): number;
  /** What a loader reads: from the replica. */
  read(rows: readonly string[]): Record<string, number>;
}

/** Makes a database in which every row is at version 0; a lag of 0 ms reads what is written. */
export function createOrigin(clock: SimClock, lagMs: number): Origin {
  /** When each version of a row was written; version 1 is the first. */
  const written = new Map<string, number[]>();
  const writesOf = (row: string): number[] => {
    const known = written.get(row);
    if (known) return known;
    const none: number[] = [];
    written.set(row, none);
    return none;
  };
  return {
    write: (row) => writesOf(row).push(clock.now()),
    read(rows) {
      const asOfMs = clock.now() - lagMs;
      return Object.fromEntries(
        rows.map((row) => [row, writesOf(row).filter((atMs) => atMs <= asOfMs).length]),
      );
    },
  };
}
