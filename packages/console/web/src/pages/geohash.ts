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
  const bits = [...cell].flatMap((letter) => {
    const value = LETTERS.indexOf(letter);
    return [16, 8, 4, 2, 1].map((bit) => (value & bit) !== 0);
  });
  // Every other bit halves it from west to east, the others from south to north.
  const [west, east] = halved(
    bits.filter((_, at) => at % 2 === 0),
    180,
  );
  const [south, north] = halved(
    bits.filter((_, at) => at % 2 === 1),
    90,
  );
  return { west, south, east, north };
}

function halved(upper: readonly boolean[], end: number): readonly [number, number] {
  let [low, high] = [-end, end];
  for (const isUpper of upper) {
    const middle = (low + high) / 2;
    if (isUpper) low = middle;
    else high = middle;
  }
  return [low, high];
}

/** The 32 parts of a cell. */
export function partsOf(cell: string): readonly string[] {
  return [...LETTERS].map((letter) => cell + letter);
}
