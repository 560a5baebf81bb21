import type { SitePlant } from "./site.ts";

/** A bug, planted to prove that a simulation finds it. */
export interface PlantedInSite {
  readonly plant: SitePlant;
}

export const SITE_PLANTS = {
  none: { plant: {} },
} as const satisfies Record<string, PlantedInSite>;

export type SitePlantName = keyof typeof SITE_PLANTS;
