import { GRADES } from "./vocabulary.ts";
import type { Grade } from "./vocabulary.ts";

/** What a phone felt of a road. */
export interface Shaking {
  /** Root mean square of the vertical acceleration without gravity, in m/s². */
  readonly vibration: number;
  readonly speedKmh: number;
}

const USUAL_KMH = 40;
const LEAST_KMH = 12;
/** At the usual speed this much says that a road is as bad as it can be. */
const WORST_VIBRATION = 4;

/** How well a road rides, 0 to 100. A bump shakes more at speed, so the same shaking counts for less there. */
export function qualityOf({ vibration, speedKmh }: Shaking): number {
  const atUsual = vibration * Math.sqrt(USUAL_KMH / Math.max(LEAST_KMH, speedKmh));
  return Math.round(100 * (1 - Math.min(1, Math.max(0, atUsual / WORST_VIBRATION))));
}

/** The shaking that {@link qualityOf} reads as this quality. */
export function vibrationFor(quality: number, speedKmh: number): number {
  const atUsual = WORST_VIBRATION * (1 - Math.min(100, Math.max(0, quality)) / 100);
  return atUsual / Math.sqrt(USUAL_KMH / Math.max(LEAST_KMH, speedKmh));
}

/** A quality in words: five steps of twenty. */
export function gradeOf(quality: number): Grade {
  return GRADES[4 - Math.min(4, Math.floor(quality / 20))]!;
}

/** One observation, as it counts for its segment. */
export interface Weighed {
  readonly quality: number;
  readonly ageMs: number;
}

/** After this time an observation counts half. */
const HALF_LIFE_MS = 24 * 3_600_000;

/**
 * What recent observations say of a segment together: their mean, newer ones counting more; and how sure that is, 0 to 1, by how many there are
 * and how far they agree.
 */
export function aggregate(observations: readonly Weighed[]): { quality: number; confidence: number } {
  const weights = observations.map(({ ageMs }) => 0.5 ** (Math.max(0, ageMs) / HALF_LIFE_MS));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return { quality: 0, confidence: 0 };
  const weigh = (value: (one: Weighed) => number): number =>
    observations.reduce((sum, one, index) => sum + value(one) * weights[index]!, 0) / total;
  const mean = weigh(({ quality }) => quality);
  const spread = Math.sqrt(weigh(({ quality }) => (quality - mean) ** 2));
  const confidence = (total / (total + 2)) * (1 - Math.min(0.6, spread / 60));
  return { quality: Math.round(mean * 10) / 10, confidence: Math.round(confidence * 100) / 100 };
}
