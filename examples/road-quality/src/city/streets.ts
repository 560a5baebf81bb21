import type { Chance } from "example-kit/chance";
import type { Spot } from "./geometry.ts";
import { lengthOf } from "./geometry.ts";
import { DIAGONAL_NAMES, EAST_NAMES, EXIT_NAMES, NORTH_NAMES, RING_NAME } from "./names.ts";
import {
  MAIN_EASTS,
  MAIN_NORTHS,
  RIVER,
  bend,
  bendLine,
  ringAngle,
  ringEastAt,
  ringMeasure,
  ringNorthAt,
  ringSpot,
} from "./plan.ts";
import type { Lattice } from "./plan.ts";

export type RoadKind = "ring" | "main" | "street";

/** A piece of road between two junctions: what observations are gathered for. */
export interface Segment {
  /** `neem-street-4`; the same on every node and in every page. */
  readonly id: string;
  readonly street: string;
  readonly kind: RoadKind;
  readonly isBridge: boolean;
  /** From one junction to the other. */
  readonly line: readonly Spot[];
  readonly km: number;
  readonly from: string;
  readonly to: string;
}

/** A piece of road on the straight plan. */
interface Draft {
  readonly street: string;
  readonly kind: RoadKind;
  readonly from: Knot;
  readonly to: Knot;
  /** The ring alone is no straight line. */
  readonly line?: readonly Spot[];
}

/** A junction on the straight plan. */
interface Knot {
  readonly id: string;
  readonly spot: Spot;
}

/** Junctions of the ring that are nearer than this are one. */
const CLOSE_ANGLE = 0.05;
/** Spots that are nearer to the ring than this are on it. */
const ALMOST_RING = 0.9;
const EXIT_KM = 2.4;
const LEFT_OUT = 0.13;

/** Blocks on the lattice that are green all over, by their corners; the streets within are left out. */
export const PARK_CORNERS = [
  { name: "Lotus Garden", from: [7, 4], to: [9, 6] },
  { name: "Kite Meadow", from: [2, 0], to: [4, 2] },
  { name: "Scholars Grove", from: [3, 6], to: [4, 7] },
  { name: "Heron Park", from: [0, 3], to: [1, 4] },
] as const;

/** Lays out the roads of the city. */
export function layRoads(lattice: Lattice, chance: Chance): readonly Segment[] {
  const knots = makeKnots(lattice);
  const drafts = [
    ...latticeRoads(lattice, knots),
    ...diagonals(lattice, knots),
    ...ringRoad(knots.ring),
    ...exits(knots.ring),
  ];
  const kept = prune(
    thinOut(
      drafts.filter((draft) => isFree(draft, lattice)),
      chance,
    ),
  );
  const counts = new Map<string, number>();
  return kept.map(({ street, kind, from, to, line }) => {
    const number = (counts.get(street) ?? 0) + 1;
    counts.set(street, number);
    const bent = line ?? bendLine(from.spot, to.spot, kind === "street" ? 8 : 12);
    return {
      id: `${street.toLowerCase().replaceAll(" ", "-")}-${number}`,
      street,
      kind,
      isBridge: crossesRiver(from.spot, to.spot),
      line: bent,
      km: lengthOf(bent),
      from: from.id,
      to: to.id,
    };
  });
}

interface Knots {
  inner(column: number, row: number): Knot | undefined;
  onRing(spot: Spot): Knot;
  /** In the order in which one drives round. */
  readonly ring: readonly Knot[];
}

function makeKnots({ easts, norths }: Lattice): Knots {
  const ends: Spot[] = [
    ...easts.flatMap((east): Spot[] => [
      [east, ringNorthAt(east)],
      [east, -ringNorthAt(east)],
    ]),
    ...norths.flatMap((north): Spot[] => [
      [ringEastAt(north), north],
      [-ringEastAt(north), north],
    ]),
  ];
  const ring: Knot[] = [];
  for (const angle of ends.map(ringAngle).sort((a, b) => a - b)) {
    const before = ring.at(-1);
    if (before && angle - ringAngle(before.spot) < CLOSE_ANGLE) continue;
    ring.push({ id: `ring-${ring.length}`, spot: ringSpot(angle) });
  }
  const onRing = ([...spot]: Spot): Knot => {
    const angle = ringAngle(spot as Spot);
    const away = (knot: Knot): number => Math.abs(ringAngle(knot.spot) - angle);
    return ring.reduce((best, knot) => (away(knot) < away(best) ? knot : best));
  };
  return {
    ring,
    onRing,
    inner(column, row) {
      const spot: Spot = [easts[column]!, norths[row]!];
      return ringMeasure(spot) < ALMOST_RING ? { id: `${column}-${row}`, spot } : undefined;
    },
  };
}

function latticeRoads({ easts, norths }: Lattice, knots: Knots): Draft[] {
  const drafts: Draft[] = [];
  const chain = (line: readonly (Knot | undefined)[], street: string, isMain: boolean): void => {
    const there = line.filter((knot) => knot !== undefined);
    for (let index = 1; index < there.length; index += 1) {
      const kind = isMain ? "main" : "street";
      drafts.push({ street, kind, from: there[index - 1]!, to: there[index]! });
    }
  };
  easts.forEach((east, column) => {
    const inner = norths.map((_, row) => knots.inner(column, row));
    const end = ringNorthAt(east);
    const line = [knots.onRing([east, -end]), ...inner, knots.onRing([east, end])];
    chain(line, EAST_NAMES[column]!, MAIN_EASTS.includes(column));
  });
  norths.forEach((north, row) => {
    const inner = easts.map((_, column) => knots.inner(column, row));
    const end = ringEastAt(north);
    const line = [knots.onRing([-end, north]), ...inner, knots.onRing([end, north])];
    chain(line, NORTH_NAMES[row]!, MAIN_NORTHS.includes(row));
  });
  return drafts.filter(({ from, to }) => from.id !== to.id);
}

/** From the clock tower two avenues run across the blocks. */
function diagonals(_lattice: Lattice, knots: Knots): Draft[] {
  const steps = [0, 1, 2];
  return DIAGONAL_NAMES.flatMap((street, which) =>
    steps.flatMap((step): Draft[] => {
      const side = which === 0 ? 1 : -1;
      const from = knots.inner(5 + side * step, 4 + step);
      const to = knots.inner(5 + side * (step + 1), 5 + step);
      return from && to ? [{ street, kind: "main", from, to }] : [];
    }),
  );
}

function ringRoad(ring: readonly Knot[]): Draft[] {
  return ring.map((from, index) => {
    const to = ring[(index + 1) % ring.length]!;
    const start = ringAngle(from.spot);
    const sweep = (ringAngle(to.spot) - start + 2 * Math.PI) % (2 * Math.PI);
    const line = Array.from({ length: 9 }, (_, step) => bend(ringSpot(start + (sweep * step) / 8)));
    return { street: RING_NAME, kind: "ring", from, to, line };
  });
}

/** Roads that leave the city where a main street meets the ring. */
function exits(ring: readonly Knot[]): Draft[] {
  const leave = (street: string, [east, north]: Spot, at: Spot): Draft => {
    const nearest = ring.reduce((best, knot) =>
      Math.hypot(knot.spot[0] - at[0], knot.spot[1] - at[1]) <
      Math.hypot(best.spot[0] - at[0], best.spot[1] - at[1])
        ? knot
        : best,
    );
    const spot: Spot = [nearest.spot[0] + east * EXIT_KM, nearest.spot[1] + north * EXIT_KM];
    return { street, kind: "main", from: nearest, to: { id: `end-${street}`, spot } };
  };
  const { north, south, east, west } = EXIT_NAMES;
  const easts = [-1.76, 0, 1.76];
  return [
    ...north.map((street, index) => leave(street, [0.1 * (index - 1), 1], [easts[index]!, 2])),
    ...south.map((street, index) => leave(street, [0.1 * (1 - index), -1], [easts[index]!, -2])),
    ...east.map((street, index) => leave(street, [1, 0.12], [2.6, index * 1.2])),
    ...west.map((street, index) => leave(street, [-1, 0.05], [-2.6, index * 1.2])),
  ];
}

function crossesRiver(from: Spot, to: Spot): boolean {
  return from[1] > RIVER.north !== to[1] > RIVER.north;
}

/** Side streets have no bridges and do not run through parks. */
function isFree({ kind, from, to }: Draft, { easts, norths }: Lattice): boolean {
  if (kind !== "street") return true;
  if (crossesRiver(from.spot, to.spot)) return false;
  const middle: Spot = [(from.spot[0] + to.spot[0]) / 2, (from.spot[1] + to.spot[1]) / 2];
  return !PARK_CORNERS.some(
    ({ from: [west, south], to: [east, north] }) =>
      middle[0] > easts[west]! + 0.05 &&
      middle[0] < easts[east]! - 0.05 &&
      middle[1] > norths[south]! + 0.05 &&
      middle[1] < norths[north]! - 0.05,
  );
}

/** Leaves out some side streets between junctions that can spare one, so that not every block is like the others. */
function thinOut(drafts: readonly Draft[], chance: Chance): Draft[] {
  const degree = degrees(drafts);
  return drafts.filter(({ kind, from, to }) => {
    const spare = kind === "street" && degree.get(from.id)! > 3 && degree.get(to.id)! > 3;
    if (!spare || chance.next() > LEFT_OUT * 2) return true;
    for (const { id } of [from, to]) degree.set(id, degree.get(id)! - 1);
    return false;
  });
}

/** Takes away side streets that lead nowhere. */
function prune(drafts: readonly Draft[]): readonly Draft[] {
  const degree = degrees(drafts);
  const kept = drafts.filter(
    ({ kind, from, to }) => kind !== "street" || (degree.get(from.id)! > 1 && degree.get(to.id)! > 1),
  );
  return kept.length === drafts.length ? kept : prune(kept);
}

function degrees(drafts: readonly Draft[]): Map<string, number> {
  const degree = new Map<string, number>();
  for (const { from, to } of drafts) {
    for (const { id } of [from, to]) degree.set(id, (degree.get(id) ?? 0) + 1);
  }
  return degree;
}
