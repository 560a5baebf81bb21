import { LiveError } from "@livecache/wire";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { invalidFrame, ownField, readFields, showReceived } from "../base/frame-fields.ts";
import type { Area } from "./cover.ts";
import { isCell } from "./geohash.ts";
import type { Point } from "./geohash.ts";

const MAX_LATITUDE = 90;
const MAX_LONGITUDE = 180;

function isDegree(value: unknown, most: number): value is number {
  // Neither NaN nor the infinities are within.
  return typeof value === "number" && value >= -most && value <= most;
}

/** Numbers are shown as they are, everything else by its kind only. */
function show(value: unknown): string {
  return typeof value === "number" ? String(value) : showReceived(value);
}

/**
 * Reads a `locate` frame.
 *
 * @throws LiveError `LIVE_FRAME_INVALID` for anything but two numbers within bounds
 */
export function readLocateFrame(request: unknown): Point {
  const fields = readFields("locate", request, "latitude");
  const latitude = ownField(fields, "latitude");
  const longitude = ownField(fields, "longitude");
  if (!isDegree(latitude, MAX_LATITUDE)) throw invalidDegree("latitude", MAX_LATITUDE, latitude);
  if (!isDegree(longitude, MAX_LONGITUDE)) throw invalidDegree("longitude", MAX_LONGITUDE, longitude);
  return { latitude, longitude };
}

function invalidDegree(field: string, most: number, received: unknown): LiveError {
  return invalidFrame(
    "locate",
    `"${field}" to be a number from -${most} to ${most}, received ${show(received)}`,
  );
}

/**
 * Reads a `near` frame; it may be missing altogether.
 *
 * @throws LiveError `LIVE_FRAME_INVALID`
 */
export function readNearFrame(request: unknown): 0 | 1 {
  if (request === undefined) return 1;
  const radius = ownField(readFields("near", request, "radius"), "radius");
  if (radius === undefined || radius === 1) return 1;
  if (radius === 0) return 0;
  throw invalidFrame("near", `"radius" to be 0 or 1, received ${show(radius)}`);
}

/** Reads what the application hands in as a point. @throws LiveError `LIVE_INPUT_INVALID` */
export function readPoint(what: string, value: unknown): Point {
  const { latitude, longitude } = (value ?? {}) as Partial<Record<keyof Point, unknown>>;
  if (!isDegree(latitude, MAX_LATITUDE)) {
    throw invalidInput(what, `latitude from -${MAX_LATITUDE} to ${MAX_LATITUDE}`, latitude);
  }
  if (!isDegree(longitude, MAX_LONGITUDE)) {
    throw invalidInput(what, `longitude from -${MAX_LONGITUDE} to ${MAX_LONGITUDE}`, longitude);
  }
  return { latitude, longitude };
}

/** Reads what the application hands in as an area. @throws LiveError `LIVE_INPUT_INVALID` */
export function readArea(what: string, value: object): Area {
  const { south, west, north, east } = value as Partial<Record<keyof Area, unknown>>;
  const southWest = readPoint(`${what}: south and west`, { latitude: south, longitude: west });
  const northEast = readPoint(`${what}: north and east`, { latitude: north, longitude: east });
  if (southWest.latitude > northEast.latitude) {
    throw invalidInput(what, `north at or above south, which is ${southWest.latitude}`, north);
  }
  return {
    south: southWest.latitude,
    west: southWest.longitude,
    north: northEast.latitude,
    east: northEast.longitude,
  };
}

/** Reads a cell of exactly `precision` letters. @throws LiveError `LIVE_INPUT_INVALID` */
export function readRegionCell(what: string, value: unknown, precision: number): string {
  if (isCell(value) && value.length === precision) return value;
  throw invalidInput(what, `a geohash of ${precision} letters in lower case`, value);
}

/** Reads the beginning of a cell, empty for the whole map. @throws LiveError `LIVE_INPUT_INVALID` */
export function readPrefix(what: string, value: unknown, longest: number): string {
  if (value === "" || (isCell(value) && value.length <= longest)) return value;
  throw invalidInput(what, `a geohash of at most ${longest} letters in lower case, or "" for the map`, value);
}

/** Reads how many members are wanted. @throws LiveError `LIVE_OPTIONS_INVALID` */
export function readLimit(what: string, options: { readonly limit?: number }, most: number): number {
  const { limit = Math.min(1_000, most) } = options;
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw invalidOption(`${what}: limit`, `a whole number from 1 to ${most}`, limit);
}

/** Reads how far around is looked. @throws LiveError `LIVE_OPTIONS_INVALID` */
export function readRadius(what: string, options: { readonly radius?: number }): 0 | 1 {
  refuseUnknown(what, options, ["radius", "limit"]);
  const { radius = 1 } = options;
  if (radius === 0 || radius === 1) return radius;
  throw invalidOption(`${what}: radius`, "0 or 1", radius);
}

function invalidInput(what: string, expected: string, received: unknown): LiveError {
  const shown = typeof received === "string" ? JSON.stringify(received.slice(0, 40)) : show(received);
  return new LiveError("LIVE_INPUT_INVALID", `${what}: expected ${expected}, received ${shown}.`);
}
