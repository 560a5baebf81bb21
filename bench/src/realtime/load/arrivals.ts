import { createHistogram } from "node:perf_hooks";
import { nowUs } from "../sites/site.ts";

/** What came to the members of a load, counted one by one. */
export interface Arrivals {
  readonly received: number;
  /** Different numbers, over all members; where rows are kept whole. */
  readonly unique: number;
  /** Numbers of a room that a member never saw although later ones came. */
  readonly skipped: number;
  /** Numbers that a member saw twice, or after a later one. */
  readonly again: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Where one member stands in the row of its room's events. */
export interface Row {
  last: number;
  /** Every number it has seen, where order is not promised. */
  readonly seen?: Set<number>;
  /** Numbers that it was told without a place while the ground was slow; they come once more, with one, and a client leaves that out. */
  readonly early: Set<number>;
}

/** Makes the count of a load's arrivals. Only what comes after `begin` counts. */
export function createArrivals() {
  const late = createHistogram();
  let [received, unique, skipped, again, counts] = [0, 0, 0, 0, false];

  return {
    /** Counts from here on. Members are expected to see the number after the one they stand at. */
    begin(): void {
      late.reset();
      [received, unique, skipped, again, counts] = [0, 0, 0, 0, true];
    },
    /** One member has received one event. `hasPlace` is `false` for one that will come again with a place. */
    note(row: Row, { n, atUs }: { readonly n: number; readonly atUs: number }, hasPlace = true): void {
      if (!hasPlace) row.early.add(n);
      else if (row.early.delete(n)) return;
      if (counts) {
        received++;
        if (n <= row.last) again++;
        else if (n > row.last + 1) skipped += n - row.last - 1;
        if (row.seen?.has(n) !== true) {
          unique++;
          late.record(Math.max(1, nowUs() - atUs));
        }
        row.seen?.add(n);
      }
      if (n > row.last) row.last = n;
    },
    unique: () => unique,
    figures(): Arrivals {
      const ms = (us: number): number => (received === 0 ? 0 : us / 1_000);
      return {
        received,
        unique,
        skipped,
        again,
        p50Ms: ms(late.percentile(50)),
        p99Ms: ms(late.percentile(99)),
        maxMs: ms(late.max),
      };
    },
  };
}
