import { seededRandom } from "../random.ts";

/** The two processes of a race on Redis. */
export const RACERS = ["a", "b"] as const;
export type Racer = (typeof RACERS)[number];

/** A write of a row, told by a change. */
export interface PlannedWrite {
  readonly node: Racer;
  readonly atMs: number;
  readonly row: string;
  readonly applied: boolean;
  /** Whether the writer reads back with its own position at once. */
  readonly readBack: boolean;
}

/** A read of a value made from rows, through a loader that takes its time before and after it reads them. */
export interface PlannedRead {
  readonly node: Racer;
  readonly atMs: number;
  readonly value: string;
  readonly slowMs: readonly [before: number, after: number];
}

/** One interleaving: who does what, and when after the common start. Both processes work it out from the seed. */
export interface RacePlan {
  readonly seed: number;
  readonly writes: readonly PlannedWrite[];
  readonly reads: readonly PlannedRead[];
}

/** The values under test, and the rows that each is made from. */
export const RACE_VALUES: Readonly<Record<string, readonly string[]>> = {
  one: ["1"],
  both: ["1", "2"],
  two: ["2"],
};

/** Longest time between the start of an interleaving and its last planned action. */
const SPAN_MS = 40;

/** Works out the interleaving of a seed. */
export function planRace(seed: number): RacePlan {
  const random = seededRandom(seed);
  return {
    seed,
    writes: Array.from({ length: 1 + random.integer(4) }, () => ({
      node: random.pick(RACERS),
      atMs: random.next() * SPAN_MS,
      row: random.pick(["1", "2"]),
      applied: random.integer(3) === 0,
      readBack: random.integer(2) === 0,
    })),
    reads: Array.from({ length: 6 + random.integer(8) }, () => ({
      node: random.pick(RACERS),
      atMs: random.next() * SPAN_MS * 1.3,
      value: random.pick(Object.keys(RACE_VALUES)),
      slowMs: [random.next() * 6, random.next() * random.pick([2, 15])] as const,
    })),
  };
}
