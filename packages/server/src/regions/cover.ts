import { columnsAt, gridOf, nameCell } from "./geohash.ts";

/** A part of the map, in degrees. `west` above `east`: it goes over the date line. */
export interface Area {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** The part of a grid that covers an area. */
interface Frame {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
}

function frameOf(area: Area, precision: number): Frame {
  const all = columnsAt(precision);
  const { west, east } = meridians(area);
  const low = gridOf({ latitude: area.south, longitude: west }, precision);
  const high = gridOf({ latitude: area.north, longitude: east }, precision);
  // An area that ends at 180 degrees ends in the last column; that meridian itself belongs to the first.
  const last = east === 180 ? all - 1 : high.column;
  const columns = west > east ? Math.min(all, last + all - low.column + 1) : last - low.column + 1;
  return { column: low.column, row: low.row, columns, rows: high.row - low.row + 1 };
}

/** 180 and -180 degrees are one meridian: an area that begins there begins in the first column. */
function meridians({ west, east }: Area): Pick<Area, "west" | "east"> {
  return west === 180 ? { west: -180, east: east === 180 ? -180 : east } : { west, east };
}

/** The cells that cover an area, edges included, row by row from the south west; `undefined` when there are more than `most`. */
export function coverArea(area: Area, precision: number, most: number): readonly string[] | undefined {
  const { column, row, columns, rows } = frameOf(area, precision);
  if (columns * rows > most) return undefined;
  const all = columnsAt(precision);
  return Array.from({ length: columns * rows }, (_, index) =>
    nameCell(
      { column: (column + (index % columns)) % all, row: row + Math.floor(index / columns) },
      precision,
    ),
  );
}

/** Fewest cells that {@link coverWithin} can do with: all there are at precision 1. */
const WHOLE_WORLD = 32;

/** The cells that cover an area at the highest precision, up to `finest`, at which there are at most `most` (32 or more) of them. */
export function coverWithin(area: Area, finest: number, most: number): readonly string[] {
  for (let precision = finest; precision > 1; precision--) {
    const cells = coverArea(area, precision, most);
    if (cells) return cells;
  }
  return coverArea(area, 1, Math.max(most, WHOLE_WORLD)) ?? [];
}
