import { createChance } from "example-kit/chance";
import { distanceToLine } from "./geometry.ts";
import type { Spot } from "./geometry.ts";
import { makeLattice } from "./plan.ts";
import { drawScenery } from "./scenery.ts";
import type { Scenery } from "./scenery.ts";
import { layRoads } from "./streets.ts";
import type { Segment } from "./streets.ts";

/** The whole map: invented, and the same for everybody who makes it. */
export interface City {
  readonly segments: readonly Segment[];
  readonly scenery: Scenery;
  segment(id: string): Segment | undefined;
  /** The segments that meet at a junction. */
  at(junction: string): readonly Segment[];
  /** The segment nearest to a spot, if one is as near as a phone's receiver is exact. */
  nearest(spot: Spot): Segment | undefined;
}

const SEED = 11;
const RECEIVER_KM = 0.06;
const TILE_KM = 0.5;

/** Draws the city. Takes some milliseconds. */
export function createCity(): City {
  const chance = createChance(SEED);
  const lattice = makeLattice(chance);
  const segments = layRoads(lattice, chance);
  const byId = new Map(segments.map((segment) => [segment.id, segment]));
  const byJunction = new Map<string, Segment[]>();
  for (const segment of segments) {
    for (const junction of [segment.from, segment.to]) {
      byJunction.set(junction, [...(byJunction.get(junction) ?? []), segment]);
    }
  }
  const byTile = indexByTile(segments);
  return {
    segments,
    scenery: drawScenery(lattice, chance),
    segment: (id) => byId.get(id),
    at: (junction) => byJunction.get(junction) ?? [],
    nearest(spot) {
      let found: Segment | undefined;
      let nearestKm = RECEIVER_KM;
      for (const segment of byTile.get(tileOf(spot)) ?? []) {
        const km = distanceToLine(spot, segment.line);
        if (km < nearestKm) [found, nearestKm] = [segment, km];
      }
      return found;
    },
  };
}

/** The segments that a spot of each tile may be near to. */
function indexByTile(segments: readonly Segment[]): Map<string, Set<Segment>> {
  const tiles = new Map<string, Set<Segment>>();
  for (const segment of segments) {
    for (const tile of segment.line.flatMap(tilesAround)) {
      tiles.set(tile, (tiles.get(tile) ?? new Set()).add(segment));
    }
  }
  return tiles;
}

function tilesAround([east, north]: Spot): string[] {
  const steps = [-TILE_KM / 2, 0, TILE_KM / 2];
  return steps.flatMap((dx) => steps.map((dy) => tileOf([east + dx, north + dy])));
}

function tileOf([east, north]: Spot): string {
  return `${Math.floor(east / TILE_KM)}:${Math.floor(north / TILE_KM)}`;
}
