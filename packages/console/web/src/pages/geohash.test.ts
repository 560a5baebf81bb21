import { expect, test } from "vitest";
import { boxOf } from "./geohash.ts";

test("a cell is where its name says", () => {
  expect(boxOf("")).toEqual({ west: -180, east: 180, south: -90, north: 90 });
  const { west, east, south, north } = boxOf("u33db2");
  expect(west).toBeLessThan(13.405);
  expect(east).toBeGreaterThan(13.3);
  expect(south).toBeGreaterThan(52.4);
  expect(north).toBeLessThan(52.6);
});

test("the parts of a cell fill it, and no more", () => {
  const parts = [..."0123456789bcdefghjkmnpqrstuvwxyz"].map((letter) => boxOf(`u33${letter}`));
  const area = (box: ReturnType<typeof boxOf>): number => (box.east - box.west) * (box.north - box.south);
  expect(parts.reduce((sum, part) => sum + area(part), 0)).toBeCloseTo(area(boxOf("u33")), 10);
  expect(Math.min(...parts.map(({ west }) => west))).toBe(boxOf("u33").west);
});
