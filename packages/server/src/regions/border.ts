import type { CellBox, Point } from "./geohash.ts";

/**
 * Whether a point still belongs to a cell that its owner was in: inside, or outside by no more than `share` of the cell's size. So whoever
 * goes along a border, or is shaken about by a bad receiver, does not move to and fro.
 */
export function staysIn(box: CellBox, { latitude, longitude }: Point, share: number): boolean {
  const height = box.north - box.south;
  const slack = height * share;
  if (latitude < box.south - slack || latitude > box.north + slack) return false;
  const width = box.east - box.west;
  const middle = (box.east + box.west) / 2;
  const apart = Math.abs(longitude - middle);
  // Over the date line it may be nearer.
  return Math.min(apart, 360 - apart) <= width * (0.5 + share);
}
