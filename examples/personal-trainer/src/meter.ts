import type { FamilyFigures, Metrics } from "./answers.ts";

/** One answer, as it was given. */
export interface Measured {
  readonly family: string;
  readonly ttl: string;
  readonly source: "cache" | "database";
  readonly ms: number;
  readonly bytes: number;
}

/** Measures the answers of one node since it started. */
export interface Meter {
  note(answer: Measured): void;
  figures(): Pick<Metrics, "since" | "families" | "samples">;
}

/** So many answers are shown one by one, and so many times of each kind are kept for medians. */
const SAMPLES = 120;
const TIMES = 500;

interface Counted {
  readonly ttl: string;
  hits: number;
  misses: number;
  bytes: number;
  readonly cacheMs: number[];
  readonly databaseMs: number[];
}

/** Makes a meter that begins with nothing. What it keeps is bounded: families are those of the code. */
export function createMeter(): Meter {
  const since = new Date().toISOString();
  const families = new Map<string, Counted>();
  const samples: Metrics["samples"][number][] = [];

  return {
    note({ family, ttl, source, ms, bytes }) {
      const counted = families.get(family) ?? {
        ttl,
        hits: 0,
        misses: 0,
        bytes: 0,
        cacheMs: [],
        databaseMs: [],
      };
      families.set(family, counted);
      if (source === "cache") counted.hits += 1;
      else counted.misses += 1;
      counted.bytes += bytes;
      keep(source === "cache" ? counted.cacheMs : counted.databaseMs, ms, TIMES);
      keep(samples, { at: new Date().toISOString(), family, source, ms }, SAMPLES);
    },
    figures: () => ({
      since,
      samples: [...samples],
      families: [...families].map(([family, { cacheMs, databaseMs, ...counted }]) => ({
        family,
        ...counted,
        cacheMs: medianOf(cacheMs),
        databaseMs: medianOf(databaseMs),
      })) satisfies FamilyFigures[],
    }),
  };
}

/** The value in the middle; `null` of nothing. */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

function keep<T>(list: T[], value: T, most: number): void {
  list.push(value);
  if (list.length > most) list.shift();
}
