import { expect, test } from "vitest";
import { aggregate, gradeOf, qualityOf, vibrationFor } from "./quality.ts";

test.each([
  [{ vibration: 0, speedKmh: 40 }, 100],
  [{ vibration: 2, speedKmh: 40 }, 50],
  [{ vibration: 9, speedKmh: 40 }, 0],
  [{ vibration: 2, speedKmh: 160 }, 75],
  [{ vibration: 1, speedKmh: 0 }, 54],
])("%o rides as %d", (shaking, quality) => {
  expect(qualityOf(shaking)).toBe(quality);
});

test("the shaking for a quality is read as that quality, at any speed", () => {
  for (const speedKmh of [5, 30, 70, 120]) {
    for (const quality of [0, 12, 50, 99]) {
      expect(qualityOf({ vibration: vibrationFor(quality, speedKmh), speedKmh })).toBe(quality);
    }
  }
});

test.each([
  [100, "smooth"],
  [80, "smooth"],
  [79.9, "good"],
  [40, "fair"],
  [20, "rough"],
  [0, "bad"],
])("%d is %s", (quality, grade) => {
  expect(gradeOf(quality)).toBe(grade);
});

test("newer observations count more; many that agree make sure, few or such that differ do not", () => {
  const hour = 3_600_000;
  const of = (...values: readonly [quality: number, hours: number][]) =>
    aggregate(values.map(([quality, hours]) => ({ quality, ageMs: hours * hour })));
  expect(of([90, 48], [30, 0]).quality).toBe(42);
  expect(of()).toEqual({ quality: 0, confidence: 0 });
  const many = of(...Array.from({ length: 20 }, (): [number, number] => [60, 1]));
  const few = of([60, 1], [60, 1]);
  const torn = of(...Array.from({ length: 20 }, (_, at): [number, number] => [at % 2 ? 90 : 30, 1]));
  expect(many.confidence).toBeGreaterThan(0.85);
  expect(few.confidence).toBeLessThan(0.55);
  expect(torn.confidence).toBeLessThan(many.confidence - 0.3);
});
