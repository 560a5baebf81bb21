/** A place on earth, in degrees: latitude from -90 to 90, longitude from -180 to 180, which are the same meridian. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** A part of the map, in degrees. It never crosses the date line. Its south and west edges belong to it, the others do not. */
export interface CellBox {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** Where a cell stands in the grid of its precision; columns count from -180 degrees eastward, rows from the south pole northward. */
export interface GridCell {
  readonly column: number;
  readonly row: number;
}

/** The letters of a geohash, each for five bits. */
const LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz";
const VALUES = new Map([...LETTERS].map((letter, value) => [letter, value]));

/** Longest geohash. */
const MAX_PRECISION = 12;

const CELL = new RegExp(`^[${LETTERS}]{1,${MAX_PRECISION}}$`);

/** Whether a text is a geohash of 1 to 12 letters, in lower case. */
export function isCell(text: unknown): text is string {
  return typeof text === "string" && CELL.test(text);
}

/** How many columns there are at a precision. Bits are dealt out in turn, beginning with the longitude. */
export function columnsAt(precision: number): number {
  return 2 ** Math.ceil((precision * 5) / 2);
}

/** How many rows there are at a precision. */
export function rowsAt(precision: number): number {
  return 2 ** Math.floor((precision * 5) / 2);
}

/** The place of a point in the grid. The north pole belongs to the highest row, and the meridian of 180 degrees is that of -180. */
export function gridOf({ latitude, longitude }: Point, precision: number): GridCell {
  const columns = columnsAt(precision);
  const rows = rowsAt(precision);
  return {
    column: stepOf(longitude, { from: -180, width: 360 / columns }) % columns,
    row: Math.min(stepOf(latitude, { from: -90, width: 180 / rows }), rows - 1),
  };
}

/** The step a value lies in. Edges can be computed without rounding, a quotient cannot: it may be one step off. */
function stepOf(value: number, { from, width }: { from: number; width: number }): number {
  let step = Math.floor((value - from) / width);
  while (value < from + step * width) step--;
  while (value >= from + (step + 1) * width) step++;
  return step;
}

/** The geohash of a point; `precision` letters, 1 to 12. http://en.wikipedia.org/wiki/Geohash */
export function encodeCell(point: Point, precision: number): string {
  return nameCell(gridOf(point, precision), precision);
}

/** The geohash of a place in the grid. */
export function nameCell({ column, row }: GridCell, precision: number): string {
  let columns = columnsAt(precision);
  let rows = rowsAt(precision);
  let name = "";
  let value = 0;
  for (let bit = 0; bit < precision * 5; bit++) {
    if (bit % 2 === 0) {
      columns /= 2;
      value = value * 2 + (Math.floor(column / columns) % 2);
    } else {
      rows /= 2;
      value = value * 2 + (Math.floor(row / rows) % 2);
    }
    if (bit % 5 !== 4) continue;
    name += LETTERS[value];
    value = 0;
  }
  return name;
}

/** Where a geohash stands in the grid of its precision. `cell` is one, see {@link isCell}. */
export function readCell(cell: string): GridCell {
  let column = 0;
  let row = 0;
  let bit = 0;
  for (const letter of cell) {
    const value = VALUES.get(letter)!;
    for (let mask = 16; mask >= 1; mask /= 2, bit++) {
      const one = (value & mask) === 0 ? 0 : 1;
      if (bit % 2 === 0) column = column * 2 + one;
      else row = row * 2 + one;
    }
  }
  return { column, row };
}

/** The part of the map that a geohash stands for. */
export function boxOf(cell: string): CellBox {
  const { column, row } = readCell(cell);
  const width = 360 / columnsAt(cell.length);
  const height = 180 / rowsAt(cell.length);
  return {
    south: -90 + row * height,
    west: -180 + column * width,
    north: -90 + (row + 1) * height,
    east: -180 + (column + 1) * width,
  };
}

/** The eight ways out of a cell, clockwise from north. */
const WAYS = [
  [0, 1],
  [1, 1],
  [1, 0],
  [1, -1],
  [0, -1],
  [-1, -1],
  [-1, 0],
  [-1, 1],
] as const;

/**
 * The eight cells around a cell, clockwise from north. Going east or west goes on over the date line. Going over a pole goes on in the same row on
 * the opposite meridian, half the columns away, as somebody would who walks there. So whoever is a neighbour of a cell has that cell
 * as a neighbour too.
 */
export function neighboursOf(cell: string): readonly string[] {
  const precision = cell.length;
  const { column, row } = readCell(cell);
  const columns = columnsAt(precision);
  const rows = rowsAt(precision);
  return WAYS.map(([east, north]) => {
    const overPole = row + north < 0 || row + north >= rows;
    const target = column + east + columns + (overPole ? columns / 2 : 0);
    return nameCell({ column: target % columns, row: overPole ? row : row + north }, precision);
  });
}
