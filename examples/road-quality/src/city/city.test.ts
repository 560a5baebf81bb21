import { createChance } from "example-kit/chance";
import { expect, test } from "vitest";
import { createRide } from "../drive/ride.ts";
import { CITY_AREA } from "./area.ts";
import { boxOf, cellOf, cellsIn } from "./cells.ts";
import { createCity } from "./city.ts";
import { alongLine, toPlace, toSpot } from "./geometry.ts";

const city = createCity();

test("the city is the same each time, and its segments have names of their own", () => {
  expect(createCity()).toEqual(expect.objectContaining({ segments: city.segments, scenery: city.scenery }));
  expect(new Set(city.segments.map(({ id }) => id)).size).toBe(city.segments.length);
  expect(city.segments.length).toBeGreaterThan(200);
  expect(city.segments.filter(({ isBridge }) => isBridge).length).toBeGreaterThanOrEqual(5);
});

test("one can drive from everywhere to everywhere", () => {
  const reached = new Set<string>();
  const waiting = [city.segments[0]!.from];
  while (waiting.length > 0) {
    const junction = waiting.pop()!;
    if (reached.has(junction)) continue;
    reached.add(junction);
    waiting.push(...city.at(junction).flatMap(({ from, to }) => [from, to]));
  }
  expect(reached).toEqual(new Set(city.segments.flatMap(({ from, to }) => [from, to])));
});

test("the middle of each segment is on that segment, and far away is on none", () => {
  for (const segment of city.segments) {
    const { spot } = alongLine(segment.line, segment.km / 2);
    expect(city.nearest(spot)?.id, segment.id).toBe(segment.id);
    expect(toSpot(toPlace(spot))[0]).toBeCloseTo(spot[0], 9);
  }
  expect(city.nearest([9, 9])).toBeUndefined();
});

test("cells are geohashes, and those of the city cover it without holes", () => {
  expect(cellOf({ latitude: 28.7037, longitude: 77.2079 })).toBe("ttngkc");
  expect(cellOf({ latitude: 57.64911, longitude: 10.40744 }, 11)).toBe("u4pruydqqvj");
  const cells = cellsIn(CITY_AREA);
  expect(new Set(cells).size).toBe(cells.length);
  for (const { line } of city.segments) {
    for (const spot of line) expect(cells).toContain(cellOf(toPlace(spot)));
  }
  const { south, north, west, east } = boxOf("ttngkc");
  expect([south < 28.7037, north > 28.7037, west < 77.2079, east > 77.2079]).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test("a drive stays on the roads, and the server would find the road that it is on", () => {
  const ride = createRide(city, createChance(3));
  const streets = new Set<string>();
  for (let second = 0; second < 900; second += 1) {
    const { place, segment, speedKmh, shaking } = ride.forward(4, second * 1_000);
    streets.add(segment.street);
    expect(city.nearest(toSpot(place))).toBeDefined();
    expect(speedKmh).toBeGreaterThan(5);
    expect(speedKmh).toBeLessThan(80);
    const found = shaking ? city.nearest(toSpot(place))!.id : segment.id;
    expect(found).toBe(segment.id);
  }
  expect(streets.size).toBeGreaterThan(5);
});
