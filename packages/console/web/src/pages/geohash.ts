const LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz";

/** A stretch of the globe, in degrees. */
export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** The stretch that a geohash stands for; `""` is all of it. */
export function boxOf(cell: string): Box {
  let [west, east, south, north] = [-180, 180, -90, 90];
  let isEast = true;
  for (const letter of cell) {
    const value = LETTERS.indexOf(letter);
    for (let bit = 4; bit >= 0; bit--) {
      const isUpper = ((value >> bit) & 1) === 1;
      if (isEast) {
        const middle = (west + east) / 2;
        if (isUpper) west = middle;
        else east = middle;
      } else {
        const middle = (south + north) / 2;
        if (isUpper) south = middle;
        else north = middle;
      }
      isEast = !isEast;
    }
  }
  return { west, south, east, north };
}

/** The 32 parts of a cell. */
export function partsOf(cell: string): readonly string[] {
  return [...LETTERS].map((letter) => cell + letter);
}
