import { expect, test } from "vitest";
import { seededRandom } from "./random.ts";

test("equal seeds give equal numbers, and others give others", () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 20 }, () => random.next());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test("numbers fill their range evenly", () => {
  const random = seededRandom(1);
  const counts = Array.from({ length: 8 }, () => 0);
  for (let i = 0; i < 8_000; i++) counts[random.integer(8)]!++;
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  const picked = new Set(Array.from({ length: 100 }, () => random.pick(["a", "b", "c"])));
  expect([...picked].sort()).toEqual(["a", "b", "c"]);
});

test("neighbouring seeds do not begin alike", () => {
  const first = Array.from({ length: 1_000 }, (_, seed) => seededRandom(seed).integer(4));
  for (const value of [0, 1, 2, 3]) {
    expect(Math.abs(first.filter((drawn) => drawn === value).length - 250)).toBeLessThan(60);
  }
});
