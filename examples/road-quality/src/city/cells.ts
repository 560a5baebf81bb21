import type { Place } from "./geometry.ts";

/** The part of the map that a cell stands for, in degrees. */
export interface CellBox {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** The letters of a geohash, each for five bits: halves of the longitude and of the latitude, in turn. */
const LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz";

/** The box of a geohash, for drawing it. */
export function boxOf(cell: string): CellBox {
  const box = { south: -90, west: -180, north: 90, east: 180 };
  let isEast = true;
  for (const letter of cell) {
    const value = LETTERS.indexOf(letter);
    for (let bit = 16; bit >= 1; bit /= 2) {
      const isUpper = (value & bit) !== 0;
      const [low, high] = isEast ? (["west", "east"] as const) : (["south", "north"] as const);
      const middle = (box[low] + box[high]) / 2;
      box[isUpper ? low : high] = middle;
      isEast = !isEast;
    }
  }
  return box;
}

/** The geohash of a place, as `live.regions.cellOf` says it too: for pages, which have no `live`. */
export function cellOf({ latitude, longitude }: Place, precision = 6): string {
  const east = { low: -180, high: 180, value: longitude };
  const north = { low: -90, high: 90, value: latitude };
  let cell = "";
  let letter = 0;
  for (let bit = 0; bit < precision * 5; bit += 1) {
    const side = bit % 2 === 0 ? east : north;
    const middle = (side.low + side.high) / 2;
    const isUpper = side.value >= middle;
    side[isUpper ? "low" : "high"] = middle;
    letter = letter * 2 + (isUpper ? 1 : 0);
    if (bit % 5 !== 4) continue;
    cell += LETTERS[letter]!;
    letter = 0;
  }
  return cell;
}

/** All cells that have a part of an area. */
export function cellsIn({ south, west, north, east }: CellBox, precision = 6): string[] {
  const cells: string[] = [];
  const first = boxOf(cellOf({ latitude: south, longitude: west }, precision));
  const [height, width] = [first.north - first.south, first.east - first.west];
  for (let latitude = first.south + height / 2; latitude - height / 2 < north; latitude += height) {
    for (let longitude = first.west + width / 2; longitude - width / 2 < east; longitude += width) {
      cells.push(cellOf({ latitude, longitude }, precision));
    }
  }
  return cells;
}
