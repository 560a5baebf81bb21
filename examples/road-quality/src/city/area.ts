import type { CellBox } from "./cells.ts";
import { toPlace } from "./geometry.ts";

const southWest = toPlace([-5.2, -4.7]);
const northEast = toPlace([5.3, 4.8]);

/** The area that the city and its roads lie in, in degrees. */
export const CITY_AREA: CellBox = {
  south: southWest.latitude,
  west: southWest.longitude,
  north: northEast.latitude,
  east: northEast.longitude,
};
