import type { RegionsAnswer } from "./answers.ts";
import { CITY_AREA } from "./city/area.ts";
import type { RoadLive } from "./live.ts";

/** How many sockets are in each cell of the city, on all nodes. While Redis is away: on this one. */
export async function countRegions(live: RoadLive): Promise<RegionsAnswer> {
  const { counts, scope } = await live.regions.counts(CITY_AREA);
  const cells = Object.entries(counts).map(([cell, count]) => ({ cell, count }));
  return {
    cells: cells.sort((a, b) => (a.cell < b.cell ? -1 : 1)),
    total: cells.reduce((sum, { count }) => sum + count, 0),
    scope,
  };
}

const LOOK_EVERY_MS = 1_000;

/**
 * Looks every second whether somebody has come, moved on or gone, and tells the maps. A second is soon enough for numbers, and costs one command,
 * however many drive. The answer stops it.
 */
export function tellRegionCounts(live: RoadLive): () => void {
  let told = "";
  async function look(): Promise<void> {
    const now = JSON.stringify(await countRegions(live));
    if (now === told) return;
    await live.change({ tags: ["regions"] });
    told = now;
  }
  // What fails, because Redis goes away at this moment, is done in the next second.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
