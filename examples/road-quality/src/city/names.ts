/** Names of what is on the map. */

export const CITY_NAME = "Navpur";

/** Streets that run north, from west to east. */
export const EAST_NAMES = [
  "Canal Street",
  "Station Road",
  "Potters Lane",
  "Jasmine Lane",
  "Bell Street",
  "Clock Tower Road",
  "Weavers Lane",
  "Saffron Street",
  "Mango Lane",
  "Fort Road",
  "Orchard Street",
] as const;

/** Streets that run east, from south to north. */
export const NORTH_NAMES = [
  "Brickfield Road",
  "Mill Street",
  "South Bank",
  "North Bank",
  "Market Avenue",
  "Neem Street",
  "Lantern Street",
  "University Avenue",
  "Hill Street",
] as const;

export const RING_NAME = "Ring Road";
export const DIAGONAL_NAMES = ["Peacock Avenue", "Banyan Avenue"] as const;

/** Roads that leave the city; the directions are those of the straight plan. */
export const EXIT_NAMES = {
  north: ["Northfield Road", "Hill Road", "Observatory Road"],
  south: ["Brickworks Road", "Airport Road", "Lake Road"],
  east: ["Eastern Highway", "Quarry Road"],
  west: ["Western Highway", "Old Salt Road"],
} as const;

export const RIVER_NAME = "River Sona";

/** Parts of the city, by where their names stand on the straight plan. */
export const DISTRICTS = [
  { name: "Old Town", at: [0.22, 0.6] },
  { name: "Riverside", at: [-0.66, -0.2] },
  { name: "Mill Quarter", at: [0.66, -1.03] },
  { name: "University", at: [-1.1, 1.42] },
  { name: "Fort", at: [1.98, 1.0] },
  { name: "Brickfields", at: [-1.98, -1.03] },
  { name: "Station", at: [-1.98, 0.6] },
  { name: "Orchards", at: [1.54, -1.4] },
] as const;
