import type { Chance } from "example-kit/chance";
import type { Spot } from "./geometry.ts";

/**
 * The city is drawn on a straight plan first: streets at right angles, a river that runs due east. {@link bend} then makes a town of it.
 */

/** Where the streets that run north lie, and those that run east, in kilometres. */
export interface Lattice {
  readonly easts: readonly number[];
  readonly norths: readonly number[];
}

/** Streets of the lattice that are wide and cross the river, by their place in it. */
export const MAIN_EASTS: readonly number[] = [1, 5, 9];
export const MAIN_NORTHS: readonly number[] = [4, 7];

/** The river on the straight plan: between two streets, so that both banks have one. */
export const RIVER = { north: -0.6, halfWidth: 0.075 } as const;

const EASTS = [-2.2, -1.76, -1.32, -0.88, -0.44, 0, 0.44, 0.88, 1.32, 1.76, 2.2];
const NORTHS = [-1.62, -1.22, -0.84, -0.38, 0, 0.4, 0.8, 1.2, 1.6];

/** Blocks are not all alike. */
export function makeLattice(chance: Chance): Lattice {
  const moved = (value: number): number => value + (chance.next() - 0.5) * 0.09;
  return { easts: EASTS.map(moved), norths: NORTHS.map((north) => (north < 0.3 ? north : moved(north))) };
}

/** The ring road on the straight plan: an oval with flat sides. */
const RING = { east: 2.62, north: 2.02, power: 2.7 } as const;

/** How far a spot is inside the ring road: 1 on it, less within. */
export function ringMeasure([east, north]: Spot): number {
  return Math.abs(east / RING.east) ** RING.power + Math.abs(north / RING.north) ** RING.power;
}

/** How far north, or south, of the middle the ring is at this distance east of it. */
export function ringNorthAt(east: number): number {
  return RING.north * (1 - Math.abs(east / RING.east) ** RING.power) ** (1 / RING.power);
}

/** How far east, or west, of the middle the ring is at this distance north of it. */
export function ringEastAt(north: number): number {
  return RING.east * (1 - Math.abs(north / RING.north) ** RING.power) ** (1 / RING.power);
}

/** The angle under which {@link ringSpot} finds a spot of the ring. */
export function ringAngle([east, north]: Spot): number {
  const half = RING.power / 2;
  return Math.atan2(
    Math.sign(north) * Math.abs(north / RING.north) ** half,
    Math.sign(east) * Math.abs(east / RING.east) ** half,
  );
}

/** The spot of the ring at an angle; `size` above 1 lies outside it. */
export function ringSpot(angle: number, size = 1): Spot {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    size * RING.east * Math.sign(cos) * Math.abs(cos) ** (2 / RING.power),
    size * RING.north * Math.sign(sin) * Math.abs(sin) ** (2 / RING.power),
  ];
}

const TURN = (-13 * Math.PI) / 180;

/** From the straight plan to the city: the river winds, streets follow it, the whole is turned a little. */
export function bend([east, north]: Spot): Spot {
  const nearRiver = Math.exp(-(((north - RIVER.north) / 1.15) ** 2));
  const x = east + 0.13 * Math.sin(1.35 * north + 0.4) + 0.05 * Math.sin(2.4 * north + east);
  const y =
    north +
    0.4 * Math.sin(0.92 * east + 0.5) * nearRiver +
    0.1 * Math.sin(1.3 * east - 0.8) +
    0.05 * Math.sin(2.1 * east + 1.7 * north);
  return [x * Math.cos(TURN) - y * Math.sin(TURN), x * Math.sin(TURN) + y * Math.cos(TURN)];
}

/** A line of the straight plan, bent: with so many parts that it is smooth. */
export function bendLine(from: Spot, to: Spot, parts: number): Spot[] {
  return Array.from({ length: parts + 1 }, (_, step) => {
    const part = step / parts;
    return bend([from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part]);
  });
}
