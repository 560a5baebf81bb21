import { CITY_AREA } from "../../../src/city/area.ts";
import { toPlace } from "../../../src/city/geometry.ts";
import type { Place, Spot } from "../../../src/city/geometry.ts";

/** A place as Leaflet writes it. */
export type Corner = [latitude: number, longitude: number];

export function cornerOf({ latitude, longitude }: Place): Corner {
  return [latitude, longitude];
}

/** Leaflet's place as ours. */
export function placeOf({ lat, lng }: { readonly lat: number; readonly lng: number }): Place {
  return { latitude: lat, longitude: lng };
}

export function cornersOf(line: readonly Spot[]): Corner[] {
  return line.map((spot) => cornerOf(toPlace(spot)));
}

/** The whole map, from its south-west to its north-east corner. */
export const WHOLE: [Corner, Corner] = [
  [CITY_AREA.south, CITY_AREA.west],
  [CITY_AREA.north, CITY_AREA.east],
];

/** What is shown first: the city within its ring road. */
export const TOWN: [Corner, Corner] = [cornerOf(toPlace([-2.75, -2.15])), cornerOf(toPlace([2.75, 2.15]))];

/** The outline of a line that is so wide. */
export function widened(line: readonly Spot[], width: number): Spot[] {
  const side = (sign: number): Spot[] =>
    line.map(([east, north], index) => {
      const before = line[Math.max(0, index - 1)]!;
      const after = line[Math.min(line.length - 1, index + 1)]!;
      const [dx, dy] = [after[0] - before[0], after[1] - before[1]];
      const scale = (sign * width) / 2 / (Math.hypot(dx, dy) || 1);
      return [east - dy * scale, north + dx * scale];
    });
  return [...side(1), ...side(-1).reverse()];
}
