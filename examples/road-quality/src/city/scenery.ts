import type { Chance } from "example-kit/chance";
import type { Spot } from "./geometry.ts";
import { DISTRICTS, RIVER_NAME } from "./names.ts";
import { RIVER, bend, bendLine, ringMeasure, ringSpot } from "./plan.ts";
import type { Lattice } from "./plan.ts";
import { PARK_CORNERS } from "./streets.ts";

/** What lies between the roads: drawn, not driven on. */
export interface Scenery {
  readonly river: readonly Spot[];
  readonly riverWidthKm: number;
  readonly lake: readonly Spot[];
  readonly builtUp: readonly Spot[];
  readonly parks: readonly (readonly Spot[])[];
  readonly woods: readonly (readonly Spot[])[];
  readonly buildings: readonly (readonly Spot[])[];
  readonly lanes: readonly (readonly Spot[])[];
  readonly railway: readonly Spot[];
  readonly names: readonly PlaceName[];
}

export interface PlaceName {
  readonly words: string;
  readonly kind: "district" | "park" | "water";
  readonly at: Spot;
}

/** Blocks that an avenue crosses, or a park takes, have no houses. */
const DIAGONAL_BLOCKS = new Set(["5-4", "6-5", "7-6", "4-4", "3-5", "2-6"]);

/** Draws what lies between the roads. */
export function drawScenery(lattice: Lattice, chance: Chance): Scenery {
  const blocks = freeBlocks(lattice);
  return {
    river: bendLine([-7.5, RIVER.north], [7.5, RIVER.north], 120),
    riverWidthKm: RIVER.halfWidth * 2,
    lake: blob(bend([1.2, 0.42]), { size: 0.2, parts: 28, seed: 2.2 }),
    builtUp: Array.from({ length: 96 }, (_, index) => bend(ringSpot((index / 96) * 2 * Math.PI, 1.035))),
    parks: PARK_CORNERS.map((corners) => parkOutline(corners, lattice)),
    woods: [
      blob([-3.4, 2.3], { size: 0.75, parts: 40, seed: 1 }),
      blob([3.7, 1.2], { size: 0.6, parts: 40, seed: 4 }),
      blob([-3.1, -2.1], { size: 0.65, parts: 40, seed: 7 }),
      blob([2.7, -2.6], { size: 0.7, parts: 40, seed: 9 }),
      blob([0.9, 3.2], { size: 0.5, parts: 40, seed: 12 }),
    ],
    buildings: blocks.flatMap((block) => houses(block, chance)),
    lanes: blocks.flatMap((block) => (chance.next() < 0.45 ? [lane(block)] : [])),
    railway: bendLine([-3.2, -6], [-2.95, 6], 80),
    names: [
      ...DISTRICTS.map(({ name, at }): PlaceName => ({ words: name, kind: "district", at: bend(at) })),
      ...PARK_CORNERS.map((corners): PlaceName => {
        const { west, south, east, north } = boxOf(corners, lattice);
        const at = bend([
          (west + east) / 2,
          (south + north) / 2 - (corners.name === "Lotus Garden" ? 0.28 : 0),
        ]);
        return { words: corners.name, kind: "park", at };
      }),
      { words: RIVER_NAME, kind: "water", at: bend([-1.12, RIVER.north]) },
      { words: RIVER_NAME, kind: "water", at: bend([1.1, RIVER.north]) },
    ],
  };
}

interface Block {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

function boxOf(
  { from, to }: { readonly from: readonly [number, number]; readonly to: readonly [number, number] },
  { easts, norths }: Lattice,
): Block {
  return { west: easts[from[0]]!, south: norths[from[1]]!, east: easts[to[0]]!, north: norths[to[1]]! };
}

function freeBlocks(lattice: Lattice): Block[] {
  const blocks: Block[] = [];
  for (let column = 0; column < lattice.easts.length - 1; column += 1) {
    for (let row = 0; row < lattice.norths.length - 1; row += 1) {
      const inPark = PARK_CORNERS.some(
        ({ from, to }) => column >= from[0] && column < to[0] && row >= from[1] && row < to[1],
      );
      const box = boxOf({ from: [column, row], to: [column + 1, row + 1] }, lattice);
      const isInside = [box.west, box.east].every((east) =>
        [box.south, box.north].every((north) => ringMeasure([east, north]) < 0.97),
      );
      const isWater = box.south < RIVER.north && box.north > RIVER.north;
      if (!inPark && isInside && !isWater && !DIAGONAL_BLOCKS.has(`${column}-${row}`)) blocks.push(box);
    }
  }
  return blocks;
}

const SETBACK = 0.035;
const DEPTH = 0.055;
const PLOTS = 5;

/** Houses along the four sides of a block, with gaps. */
function houses({ west, south, east, north }: Block, chance: Chance): Spot[][] {
  const sides: readonly (readonly [Spot, Spot, Spot])[] = [
    [
      [west + SETBACK, south + SETBACK],
      [east - SETBACK, south + SETBACK],
      [0, 1],
    ],
    [
      [west + SETBACK, north - SETBACK],
      [east - SETBACK, north - SETBACK],
      [0, -1],
    ],
    [
      [west + SETBACK, south + 0.11],
      [west + SETBACK, north - 0.11],
      [1, 0],
    ],
    [
      [east - SETBACK, south + 0.11],
      [east - SETBACK, north - 0.11],
      [-1, 0],
    ],
  ];
  return sides.flatMap(([from, to, inward]) =>
    Array.from({ length: PLOTS }, (_, plot) => ({ plot, depth: DEPTH * (0.6 + chance.next() * 0.6) }))
      .filter(() => chance.next() < 0.82)
      .map(({ plot, depth }) => {
        const corner = (part: number, deep: number): Spot =>
          bend([
            from[0] + (to[0] - from[0]) * part + inward[0] * deep,
            from[1] + (to[1] - from[1]) * part + inward[1] * deep,
          ]);
        const [start, end] = [(plot + 0.06) / PLOTS, (plot + 0.94) / PLOTS];
        return [corner(start, 0), corner(end, 0), corner(end, depth), corner(start, depth)];
      }),
  );
}

/** A way through a block, too small to be measured. */
function lane({ west, south, east, north }: Block): Spot[] {
  const isWide = east - west > north - south;
  return isWide
    ? bendLine([(west + east) / 2, south], [(west + east) / 2, north], 3)
    : bendLine([west, (south + north) / 2], [east, (south + north) / 2], 3);
}

function parkOutline(corners: (typeof PARK_CORNERS)[number], lattice: Lattice): Spot[] {
  const { west, south, east, north } = boxOf(corners, lattice);
  const inset = 0.025;
  const [w, s, e, n] = [west + inset, south + inset, east - inset, north - inset];
  return [
    ...bendLine([w, s], [e, s], 6),
    ...bendLine([e, s], [e, n], 6),
    ...bendLine([e, n], [w, n], 6),
    ...bendLine([w, n], [w, s], 6),
  ];
}

/** A round shape without corners. */
function blob(
  [east, north]: Spot,
  { size, parts, seed }: { size: number; parts: number; seed: number },
): Spot[] {
  return Array.from({ length: parts }, (_, index) => {
    const angle = (index / parts) * 2 * Math.PI;
    const radius = size * (1 + 0.18 * Math.sin(3 * angle + seed) + 0.12 * Math.sin(5 * angle + 2 * seed));
    return [east + 1.25 * radius * Math.cos(angle), north + radius * Math.sin(angle)];
  });
}
