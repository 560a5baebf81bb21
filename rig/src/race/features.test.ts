import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { FEATURES, drawFeatures, parseFeatures } from "./features.ts";

test("features are named with commas between; all of them are drawn by the seed", () => {
  expect(parseFeatures("soft,swr")).toEqual(["soft", "swr"]);
  expect(parseFeatures("")).toEqual([]);
  expect(parseFeatures("all")).toBeUndefined();
  expect(() => parseFeatures("soft,ware")).toThrow('no feature "ware"; there are soft, swr,');
});

test("every feature is drawn by some seed, no seed draws all, and some hardly any", () => {
  const drawn = Array.from({ length: 30_000 }, (_, seed) => drawFeatures(seededRandom(seed)));
  expect(new Set(drawn.flatMap((features) => [...features]))).toEqual(new Set(FEATURES));
  const sizes = drawn.map((features) => features.size);
  expect(Math.max(...sizes)).toBeLessThan(FEATURES.length);
  expect(Math.min(...sizes)).toBeLessThan(3);
});
