import { seededRandom } from "@livecache/rig";
import ngeohash from "ngeohash";
import { describe, expect, test } from "vitest";
import { boxOf, encodeCell, isCell, neighboursOf, rowsAt, readCell } from "./geohash.ts";
import type { Point } from "./geohash.ts";

const PRECISIONS = Array.from({ length: 12 }, (_, index) => index + 1);
const POINTS_EACH = 3_000;

/** Points all over the globe, a third of them hard by the date line or a pole. */
function points(seed: number, count: number): readonly Point[] {
  const random = seededRandom(seed);
  // 32 bits alone would put many points exactly on the edges of small cells.
  const next = (): number => random.next() + random.next() / 2 ** 32;
  return Array.from({ length: count }, () => {
    const point = { latitude: next() * 180 - 90, longitude: next() * 360 - 180 };
    const near = 1e-9 + next() ** 8;
    const side = random.pick([-1, 1]);
    const edge = random.integer(6);
    if (edge === 0) return { ...point, longitude: side * (180 - near) };
    return edge === 1 ? { ...point, latitude: side * (90 - near) } : point;
  });
}

describe.each(PRECISIONS)("at precision %i, for random points", (precision) => {
  const sample = points(precision, POINTS_EACH);

  test("a point is in the cell that an independent library finds", () => {
    const found = sample.map((point) => encodeCell(point, precision));
    const expected = sample.map(({ latitude, longitude }) => ngeohash.encode(latitude, longitude, precision));
    expect(found).toEqual(expected);
  });

  test("a cell is the box that an independent library finds", () => {
    const cells = sample.map((point) => encodeCell(point, precision));
    const boxes = cells.map(boxOf).map(({ south, west, north, east }) => [south, west, north, east]);
    expect(boxes).toEqual(cells.map((cell) => ngeohash.decode_bbox(cell)));
  });

  test("neighbours are those of an independent library wherever there is no pole between", () => {
    const inland = sample
      .map((point) => encodeCell(point, precision))
      .filter((cell) => readCell(cell).row > 0 && readCell(cell).row < rowsAt(precision) - 1);
    expect(inland.length).toBeGreaterThan(POINTS_EACH / 3);
    expect(inland.map(neighboursOf)).toEqual(inland.map((cell) => ngeohash.neighbors(cell)));
  });

  test("every cell has eight neighbours, is none of its own, and is a neighbour of each of them", () => {
    for (const point of [
      ...sample.slice(0, 300),
      { latitude: 90, longitude: 0 },
      { latitude: -90, longitude: 179 },
    ]) {
      const cell = encodeCell(point, precision);
      const around = neighboursOf(cell);
      expect(new Set([cell, ...around]).size).toBe(9);
      expect(around.filter((other) => !neighboursOf(other).includes(cell))).toEqual([]);
    }
  });

  test("over a pole lies the cell on the opposite meridian", () => {
    for (const { longitude } of sample.slice(0, 300)) {
      const cells = [90, -90].map((latitude) => encodeCell({ latitude, longitude }, precision));
      const { west, east } = boxOf(cells[0]!);
      const middle = (west + east) / 2;
      const opposite = middle > 0 ? middle - 180 : middle + 180;
      const [overNorth, overSouth] = [neighboursOf(cells[0]!)[0], neighboursOf(cells[1]!)[4]];
      const expected = [90, -90].map((latitude) => ngeohash.encode(latitude, opposite, precision));
      expect([overNorth, overSouth]).toEqual(expected);
    }
  });
});

test("points on an edge belong to the cell east and north of it", () => {
  // ngeohash counts an edge to the cell west and south of it. A cell is a half-open box with us, so that a cell's own south-west
  // corner is in it, and that every point is in exactly one.
  expect(ngeohash.encode(0, 0, 1)).toBe("7");
  expect(encodeCell({ latitude: 0, longitude: 0 }, 1)).toBe("s");
  for (const point of points(77, 500)) {
    const cell = encodeCell(point, 6);
    const { south: latitude, west: longitude } = boxOf(cell);
    expect(encodeCell({ latitude, longitude }, 6)).toBe(cell);
  }
});

test("180 and -180 degrees are one meridian, and the pole belongs to the highest row", () => {
  // ngeohash puts 180 degrees into the last column: somebody on the date line would be at two places, by how it is written.
  for (const precision of PRECISIONS) {
    const [east, west] = [180, -180].map((longitude) => encodeCell({ latitude: 10, longitude }, precision));
    expect(east).toBe(west);
    expect(boxOf(encodeCell({ latitude: 90, longitude: 3 }, precision)).north).toBe(90);
  }
});

test("a neighbour over a pole is another cell than oneself", () => {
  // ngeohash stays at the pole: the northern neighbour of a cell that touches it is the cell itself, so nine cells are six.
  const cell = encodeCell({ latitude: 89.999, longitude: 10 }, 6);
  expect(ngeohash.neighbors(cell)[0]).toBe(cell);
  expect(neighboursOf(cell)).not.toContain(cell);
});

test("the smallest steps of a number decide which side of an edge a point is on", () => {
  const sides = [-Number.MIN_VALUE, -1e-17, 0, 1e-17].map((longitude) =>
    encodeCell({ latitude: 10, longitude }, 12),
  );
  expect(sides.map((cell) => boxOf(cell).west < 0)).toEqual([true, true, false, false]);
});

test.each(["ttngkc", "0", "zzzzzzzzzzzz"])("%s is a cell", (text) => expect(isCell(text)).toBe(true));

test.each(["", "a", "TTNGKC", "ttngka", "0123456789bcd", "tt ngk", "ttn\n", 7, undefined, null, ["t"]])(
  "%j is no cell",
  (value) => expect(isCell(value)).toBe(false),
);
