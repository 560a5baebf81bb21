import { raceInMemory } from "../race/memory-race.ts";
import { PLANTS as RACE_PLANTS } from "../race/plants.ts";
import type { Plant as RacePlant } from "../race/plants.ts";
import { SITE_PLANTS } from "../simulate/plants.ts";
import type { SitePlantName } from "../simulate/plants.ts";
import { simulateAll } from "../simulate/simulate-all.ts";

/** A planted bug, and who has to find it. */
export type PlantedBug =
  | { readonly by: "simulation"; readonly name: SitePlantName }
  | { readonly by: "race"; readonly name: RacePlant };

/** How a planted bug was found, or that it was not. */
export interface CaughtBug {
  readonly name: string;
  readonly by: PlantedBug["by"];
  readonly caught: boolean;
  readonly seconds: number;
  /** Schedules or interleavings until then, about. */
  readonly tried: number;
  /** What was found first, and with which seed. */
  readonly rule?: string | undefined;
  readonly seed?: number | undefined;
}

/** All of them. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  ...(Object.keys(SITE_PLANTS) as SitePlantName[]).map((name) => ({ by: "simulation", name }) as const),
  ...(Object.keys(RACE_PLANTS) as RacePlant[]).map((name) => ({ by: "race", name }) as const),
];

/** How many are tried between two looks at the time. */
const AT_ONCE = { simulation: 800, race: 400 };

/** Searches for a planted bug until it is found, at most so long. */
export async function catchPlant(bug: PlantedBug, withinMs: number): Promise<CaughtBug> {
  const { by, name } = bug;
  const startedAt = performance.now();
  let tried = 0;
  for (;;) {
    const found = await (by === "race" ? race(bug.name, tried) : simulate(bug.name, tried));
    tried += found.tried;
    const ms = performance.now() - startedAt;
    const { rule, seed } = found;
    const caught = rule !== undefined;
    if (caught || ms > withinMs) {
      return {
        name,
        by,
        caught: caught && ms <= withinMs,
        seconds: Math.round(ms / 100) / 10,
        tried,
        rule,
        seed,
      };
    }
  }
}

async function race(plant: RacePlant, from: number) {
  const { stale, staleSeeds } = await raceInMemory(AT_ONCE.race, from, { plant });
  return { tried: AT_ONCE.race, rule: stale > 0 ? "stale" : undefined, seed: staleSeeds[0] };
}

async function simulate(plant: SitePlantName, from: number) {
  const { plays } = SITE_PLANTS[plant];
  const { schedules, findings } = await simulateAll(AT_ONCE.simulation, from, {
    ...{ plant, plays, stopAtFirst: true, threads: 1 },
  });
  const [first] = findings;
  return { tried: schedules, rule: first?.rule, seed: first?.seed };
}
