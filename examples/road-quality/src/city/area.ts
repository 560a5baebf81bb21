import type { CellBox } from "./cells.ts";
import { toPlace } from "./geometry.ts";

const southWest = toPlace([-4.4, -3.5]);
const northEast = toPlace([4.4, 3.7]);

/** The area that the city and its roads lie in, in degrees. */
export const CITY_AREA: CellBox = {
  south: southWest.latitude,
  west: southWest.longitude,
  north: northEast.latitude,
  east: northEast.longitude,
};
