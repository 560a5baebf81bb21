import type { SegmentQuality } from "../../../src/answers.ts";
import type { City } from "../../../src/city/city.ts";
import { gradeOf } from "../../../src/quality.ts";
import type { Grade } from "../../../src/vocabulary.ts";

/** The city in some figures. */
export interface Summary {
  readonly observations: number;
  /** Of all roads that are known, by their length; a whole number. */
  readonly mean: number;
  readonly kmByGrade: Readonly<Record<Grade, number>>;
}

/** Adds up what is known of the roads. */
export function summarise(city: City, segments: readonly SegmentQuality[]): Summary {
  const kmByGrade = { smooth: 0, good: 0, fair: 0, rough: 0, bad: 0 };
  let [observations, weighed, km] = [0, 0, 0];
  for (const { id, quality, observations: count } of segments) {
    const road = city.segment(id);
    if (!road || quality === null) continue;
    observations += count;
    weighed += quality * road.km;
    km += road.km;
    kmByGrade[gradeOf(quality)] += road.km;
  }
  return { observations, mean: km === 0 ? 0 : Math.round(weighed / km), kmByGrade };
}
