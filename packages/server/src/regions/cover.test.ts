import { seededRandom } from "@livecache/rig";
import ngeohash from "ngeohash";
import { expect, test } from "vitest";
import { coverArea, coverWithin } from "./cover.ts";
import type { Area } from "./cover.ts";
import { boxOf, encodeCell } from "./geohash.ts";

/** Areas of up to 20 by 20 degrees anywhere; some go over the date line. */
function areas(seed: number, count: number): readonly Area[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const south = random.next() * 160 - 90;
    const west = random.next() * 360 - 180;
    const east = west + random.next() * 20;
    return { south, north: south + random.next() * 20, west, east: east > 180 ? east - 360 : east };
  });
}

test("an area is covered by the cells that an independent library finds, where there is no date line", () => {
  const plain = areas(1, 300).filter(({ west, east }) => west < east);
  expect(plain.length).toBeGreaterThan(200);
  for (const area of plain) {
    const { south, west, north, east } = area;
    const expected = ngeohash.bboxes(south, west, north, east, 3);
    expect(new Set(coverArea(area, 3, 10_000))).toEqual(new Set(expected));
  }
});

test("every point of an area is in one of its cells, over the date line too", () => {
  const random = seededRandom(2);
  const all = areas(3, 300);
  expect(all.some(({ west, east }) => west > east)).toBe(true);
  for (const area of all) {
    const cells = coverArea(area, 4, 100_000)!;
    expect(new Set(cells).size).toBe(cells.length);
    const width = area.east < area.west ? area.east + 360 - area.west : area.east - area.west;
    const longitude = ((area.west + random.next() * width + 540) % 360) - 180;
    const latitude = area.south + random.next() * (area.north - area.south);
    expect(cells).toContain(encodeCell({ latitude, longitude }, 4));
  }
});

test("an area at the date line has no cell twice and none of the other side of the globe", () => {
  const cells = coverArea({ south: -1, north: 1, west: 179, east: -179 }, 3, 100)!;
  expect(new Set(cells).size).toBe(cells.length);
  expect(cells.map(boxOf).filter(({ west }) => Math.abs(west) < 176)).toEqual([]);
});

test.each([
  ["the whole world", { south: -90, north: 90, west: -180, east: 180 }, 32],
  ["all but a sliver, the long way round", { south: -90, north: 90, west: 1, east: 0.5 }, 32],
  ["what begins on the date line", { south: 0, north: 1, west: 180, east: -170 }, 1],
  ["what ends on the date line", { south: 0, north: 1, west: 170, east: 180 }, 1],
  ["a point on the date line", { south: 0, north: 0, west: 180, east: 180 }, 1],
  ["the poles", { south: 90, north: 90, west: -180, east: 180 }, 8],
] as const)("at precision 1, %s takes %#", (_, area, count) => {
  const cells = coverArea(area, 1, 100)!;
  expect(cells).toHaveLength(count);
  expect(new Set(cells).size).toBe(count);
});

test("more cells than allowed are none", () => {
  const world = { south: -90, north: 90, west: -180, east: 180 };
  expect(coverArea(world, 1, 31)).toBeUndefined();
  expect(coverArea(world, 1, 32)).toHaveLength(32);
  expect(coverArea(world, 12, 1_000)).toBeUndefined();
});

test("an area is covered as finely as the number of cells allows", () => {
  const city = { south: 28.4, north: 28.9, west: 76.8, east: 77.4 };
  expect(coverWithin(city, 6, 256)[0]).toHaveLength(5);
  expect(coverWithin(city, 4, 256)[0]).toHaveLength(4);
  const world = { south: -90, north: 90, west: -180, east: 180 };
  expect(coverWithin(world, 6, 256)).toHaveLength(32);
  expect(coverWithin(world, 6, 1_024)).toHaveLength(1_024);
  expect(coverWithin({ south: 1, north: 1, west: 1, east: 1 }, 12, 32)).toEqual([
    encodeCell({ latitude: 1, longitude: 1 }, 12),
  ]);
});
