import { seededRandom } from "../random.ts";
import type { SeededRandom } from "../random.ts";
import { drawFeatures } from "./features.ts";
import type { Feature } from "./features.ts";

/** The two processes of a race on Redis. */
export const RACERS = ["a", "b"] as const;
export type Racer = (typeof RACERS)[number];

/** The features that need no simulated ground. */
const POSSIBLE: readonly Feature[] = [
  ...["soft", "swr", "grace", "timeouts", "refresh", "jitter", "short-ttl", "fresh"],
  ...["late-tags", "skip-store", "delete", "pattern"],
] as readonly Feature[];

/** A write of a row, and how it is told. */
export interface PlannedWrite {
  readonly node: Racer;
  readonly atMs: number;
  readonly row: string;
  readonly told: "purge" | "stale" | "delete" | "pattern";
  readonly applied: boolean;
  /** Whether the writer reads back with its own position at once. */
  readonly readBack: boolean;
}

/** How a reader wants age, slowness and failure to be treated, and how its load ends if it comes to that. */
export interface Wish {
  readonly freshness: {
    readonly consistency: "fresh" | "leased";
    readonly swrMs: number;
    readonly graceMs: number;
    readonly softTimeoutMs: number | undefined;
    readonly hardTimeoutMs: number | undefined;
    readonly refreshAt: number;
    readonly jitter: number;
  };
  readonly ends: "stored" | "unstored" | "failed";
  readonly ttlMs: number;
}

/** A read of a value made from rows, through a loader that takes its time before and after it reads them. */
export interface PlannedRead {
  readonly node: Racer;
  readonly atMs: number;
  readonly value: string;
  readonly slowMs: readonly [before: number, after: number];
  readonly wish: Wish;
}

/** One interleaving: who does what, and when after the common start. Both processes work it out from the seed. */
export interface RacePlan {
  readonly seed: number;
  readonly features: readonly Feature[];
  readonly writes: readonly PlannedWrite[];
  readonly reads: readonly PlannedRead[];
  /** The wishes of readers who are there because of an event or a write of their own. */
  readonly causedWish: Wish;
}

/** The values under test, and the rows that each is made from. */
export const RACE_VALUES: Readonly<Record<string, readonly string[]>> = {
  one: ["1"],
  both: ["1", "2"],
  two: ["2"],
};

const VALUE_NAMES = Object.keys(RACE_VALUES);

/** Longest time between the start of an interleaving and its last planned action. */
const SPAN_MS = 40;

/** Works out the interleaving of a seed. */
export function planRace(seed: number): RacePlan {
  const random = seededRandom(seed);
  const drawn = drawFeatures(random);
  const features = new Set(POSSIBLE.filter((feature) => drawn.has(feature)));
  const ages = ["short-ttl", "swr", "grace", "timeouts", "refresh"] as const;
  const ttlMs = ages.some((feature) => features.has(feature)) ? random.pick([5, 15, 60]) : 60_000;
  const wish = (): Wish => drawWish(features, random, ttlMs);
  return {
    ...{ seed, features: [...features] },
    writes: Array.from({ length: 1 + random.integer(4) }, () => ({
      node: random.pick(RACERS),
      atMs: random.next() * SPAN_MS,
      row: random.pick(["1", "2"]),
      told: drawTold(features, random),
      applied: random.integer(3) === 0,
      readBack: random.integer(2) === 0,
    })),
    reads: [
      ...VALUE_NAMES.map((value) => warmUp({ node: random.pick(RACERS), value, wish: wish() })),
      ...Array.from({ length: 6 + random.integer(8) }, () => ({
        node: random.pick(RACERS),
        atMs: random.next() * SPAN_MS * 1.3,
        value: random.pick(VALUE_NAMES),
        slowMs: [random.next() * 6, random.next() * random.pick([2, 15])] as const,
        wish: wish(),
      })),
    ],
    causedWish: wish(),
  };
}

/** A value is there from the start, so that there is something to be stale. */
function warmUp({ node, value, wish }: Pick<PlannedRead, "node" | "value" | "wish">): PlannedRead {
  return { node, value, atMs: 0, slowMs: [0, 0], wish: { ...wish, ends: "stored" } };
}

function drawTold(features: ReadonlySet<Feature>, random: SeededRandom): PlannedWrite["told"] {
  if (features.has("delete") && random.integer(3) === 0) return "delete";
  if (features.has("pattern") && random.integer(3) === 0) return "pattern";
  return features.has("soft") && random.integer(2) === 0 ? "stale" : "purge";
}

function drawWish(features: ReadonlySet<Feature>, random: SeededRandom, ttlMs: number): Wish {
  const draws = (odds: number, feature: Feature): boolean =>
    features.has(feature) && random.integer(odds) === 0;
  const hasGrace = draws(2, "grace") || draws(2, "timeouts");
  const unstored = draws(4, "skip-store");
  return {
    freshness: {
      consistency: draws(3, "fresh") ? "fresh" : "leased",
      swrMs: draws(2, "swr") ? random.pick([10, 100]) : 0,
      graceMs: hasGrace ? random.pick([10, 100]) : 0,
      softTimeoutMs: hasGrace && draws(2, "timeouts") ? random.pick([1, 5]) : undefined,
      hardTimeoutMs: draws(3, "timeouts") ? random.pick([5, 15]) : undefined,
      refreshAt: draws(2, "refresh") ? random.pick([0.1, 0.5]) : 1,
      jitter: draws(2, "jitter") ? 0.5 : 0,
    },
    ends: draws(3, "grace") ? "failed" : unstored ? "unstored" : "stored",
    ttlMs,
  };
}
