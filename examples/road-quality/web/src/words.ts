import type { Grade, HazardKind, Role } from "../../src/vocabulary.ts";

/** How the fixed words of the application read on a page. */

export const GRADE_WORDS: Readonly<Record<Grade, string>> = {
  smooth: "Smooth",
  good: "Good",
  fair: "Fair",
  rough: "Rough",
  bad: "Bad",
};

export const HAZARD_WORDS: Readonly<Record<HazardKind, string>> = {
  pothole: "Pothole",
  debris: "Debris",
  flooding: "Flooding",
  roadworks: "Roadworks",
};

export const ROLE_WORDS: Readonly<Record<Role, string>> = { driver: "Driver", operator: "Operator" };

/** A length of road. */
export function kmWords(km: number): string {
  return km < 1 ? `${Math.round(km * 1_000)} m` : `${km.toFixed(1)} km`;
}

/** How sure a quality is, in words. */
export function confidenceWords(confidence: number): string {
  if (confidence >= 0.75) return "very sure";
  if (confidence >= 0.5) return "fairly sure";
  return confidence > 0 ? "not sure yet" : "unknown";
}
