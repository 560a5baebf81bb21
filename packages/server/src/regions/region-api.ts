import { LiveError } from "@livecache/wire";
import { refuseUnknown } from "../base/check.ts";
import { coverWithin } from "./cover.ts";
import type { Area } from "./cover.ts";
import { encodeCell, neighboursOf } from "./geohash.ts";
import type { Point } from "./geohash.ts";
import type { CellView, RegionReads, RegionScope } from "./reads.ts";
import { readArea, readLimit, readPoint, readPrefix, readRadius, readRegionCell } from "./region-frame.ts";

/** How many members are wanted. */
export interface MembersOptions {
  /** Most members to answer, 1 to 10,000. Default 1,000. */
  readonly limit?: number;
}

/** What is wanted around a point. */
export interface NearbyOptions extends MembersOptions {
  /** 0: the cell of the point; 1: the eight cells around it too. Default 1. */
  readonly radius?: 0 | 1;
}

/**
 * Who is where on the map, asked by the server; nobody's rights are looked at. A cell is a geohash of as many letters as the contract
 * says.
 *
 * Other nodes' moves are seen when they have reached the ground, some milliseconds after they were made; counts contain the members of a
 * node that died for up to a few seconds, lists leave them out as soon as its lease (2 s) has run out. While the ground is away,
 * `scope` is `"local"`, and an answer tells only of this node's own sockets.
 *
 * Bad input is refused with `LIVE_INPUT_INVALID`, bad options with `LIVE_OPTIONS_INVALID`.
 */
export interface Regions {
  /** The cell that a point is in: the parameter of the channel to publish to whoever is there. */
  cellOf(point: Point): string;
  /** The eight cells around a cell, clockwise from north, over the date line and the poles. */
  neighbours(cell: string): readonly string[];
  /** Who is in the cell of a point and in those around it: all nine at one moment, those without members left out. */
  near(
    point: Point,
    options?: NearbyOptions,
  ): Promise<{ readonly cell: string; readonly cells: readonly CellView[]; readonly scope: RegionScope }>;
  /** Who is in a cell. */
  members(cell: string, options?: MembersOptions): Promise<CellView & { readonly scope: RegionScope }>;
  /** How many are in a cell, or in all cells whose names begin so. In constant time. */
  count(prefix: string): Promise<{ readonly count: number; readonly scope: RegionScope }>;
  /**
   * How many are in the parts of a map: of all cells whose names begin so, by the next letter; or of an area, by cells that cover it, at
   * most 256 of them and as small as that allows. Parts without members are left out.
   */
  counts(
    where: string | Area,
  ): Promise<{ readonly counts: Readonly<Record<string, number>>; readonly scope: RegionScope }>;
  /** The cell that a socket is in; `undefined` when it is in none. Rejects as the ground does when the socket is another node's. */
  of(socketId: string): Promise<string | undefined>;
}

const MOST_MEMBERS = 10_000;
const MOST_COUNTED = 256;

/** Makes the questions that an application may ask. */
export function createRegionApi(reads: RegionReads, precision: number): Regions {
  return {
    cellOf: (point) => encodeCell(readPoint("regions.cellOf", point), precision),
    neighbours: (cell) => neighboursOf(readRegionCell("regions.neighbours", cell, precision)),
    async near(point, options = {}) {
      const radius = readRadius("regions.near", options);
      const limit = readLimit("regions.near", options, MOST_MEMBERS);
      const cell = encodeCell(readPoint("regions.near", point), precision);
      const { cells, scope } = await reads.members(cellsAround(cell, radius), limit);
      return { cell, cells: cells.filter(hasMembers), scope };
    },
    async members(given, options = {}) {
      const cell = readRegionCell("regions.members", given, precision);
      refuseUnknown("regions.members", options, ["limit"]);
      const { cells, scope } = await reads.members(
        [cell],
        readLimit("regions.members", options, MOST_MEMBERS),
      );
      const { members, truncated } = cells[0]!;
      return { cell, members, truncated, scope };
    },
    async count(given) {
      const { counts, scope } = await reads.count([readPrefix("regions.count", given, precision)]);
      return { count: counts[0]!, scope };
    },
    async counts(where) {
      if (typeof where === "object" && where !== null) {
        return countArea(reads, coverWithin(readArea("regions.counts", where), precision, MOST_COUNTED));
      }
      const prefix = readPrefix("regions.counts", where, precision - 1);
      const { counts, scope } = await reads.parts(prefix);
      return { counts: Object.fromEntries(counts), scope };
    },
    async of(socketId) {
      if (typeof socketId === "string" && socketId !== "") return reads.find(socketId);
      throw new LiveError(
        "LIVE_INPUT_INVALID",
        "regions.of: expected the id of a socket, a string that is not empty.",
      );
    },
  };
}

async function countArea(reads: RegionReads, cells: readonly string[]) {
  const { counts, scope } = await reads.count(cells);
  const present = cells.flatMap((cell, at) => (counts[at]! > 0 ? [[cell, counts[at]!] as const] : []));
  return { counts: Object.fromEntries(present), scope };
}

/** A cell, and with radius 1 those around it. */
export function cellsAround(cell: string, radius: 0 | 1): readonly string[] {
  return radius === 0 ? [cell] : [cell, ...neighboursOf(cell)];
}

/** Whether there is anything to be told of a cell. */
export function hasMembers({ members, truncated }: CellView): boolean {
  return members.length > 0 || truncated;
}

/** What stands in for the regions of a contract that has none. */
export function refuseRegions(): Regions {
  const refuse = (): never => {
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      'regions: the contract has none. Add `regions: { channel: "region/:cell", precision: 6 }` to it, and the channel.',
    );
  };
  const reject = async (): Promise<never> => refuse();
  return {
    cellOf: refuse,
    neighbours: refuse,
    near: reject,
    members: reject,
    count: reject,
    counts: reject,
    of: reject,
  };
}
