import { expect, test } from "vitest";
import { staysIn } from "./border.ts";
import { boxOf, encodeCell } from "./geohash.ts";

const SHARE = 0.1;
const cell = "ttngkc";
const box = boxOf(cell);
const height = box.north - box.south;
const width = box.east - box.west;

test.each([
  ["inside", box.north - height / 2, box.west + width / 2, true],
  ["on an edge", box.north, box.east, true],
  ["just within a tenth to the north", box.north + height * 0.099, box.west, true],
  ["just beyond it", box.north + height * 0.101, box.west, false],
  ["just within a tenth to the west", box.south, box.west - width * 0.099, true],
  ["just beyond it", box.south, box.west - width * 0.101, false],
  ["beyond the south", box.south - height * 0.101, box.west, false],
  ["beyond the east", box.south, box.east + width * 0.101, false],
])("whoever is %s stays or not", (...[, latitude, longitude, stays]) => {
  expect(staysIn(box, { latitude, longitude }, SHARE)).toBe(stays);
});

test("the share may be nothing", () => {
  expect(staysIn(box, { latitude: box.north + height * 0.001, longitude: box.west }, 0)).toBe(false);
});

test("a border that is the date line is a border like others", () => {
  const eastmost = boxOf(encodeCell({ latitude: 5, longitude: 179.9999 }, 6));
  const beyond = (share: number) => ({ latitude: 5, longitude: -180 + width * share });
  expect(staysIn(eastmost, { latitude: 5, longitude: 180 }, SHARE)).toBe(true);
  expect(staysIn(eastmost, beyond(0.05), SHARE)).toBe(true);
  expect(staysIn(eastmost, beyond(0.2), SHARE)).toBe(false);
  const westmost = boxOf(encodeCell({ latitude: 5, longitude: -180 }, 6));
  expect(staysIn(westmost, { latitude: 5, longitude: 180 - width * 0.05 }, SHARE)).toBe(true);
  expect(staysIn(westmost, { latitude: 5, longitude: 180 - width * 0.2 }, SHARE)).toBe(false);
});

test("whoever goes along a border, shaken by less than the share, moves once at most", () => {
  let here = encodeCell({ latitude: box.south + height / 2, longitude: box.east }, 6);
  let moves = 0;
  for (let step = 0; step < 1_000; step++) {
    const point = {
      latitude: box.south + height / 2,
      longitude: box.east + (step % 2 ? 0.09 : -0.09) * width,
    };
    if (staysIn(boxOf(here), point, SHARE)) continue;
    here = encodeCell(point, 6);
    moves++;
  }
  expect(moves).toBeLessThanOrEqual(1);
});
