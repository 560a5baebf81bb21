import * as L from "leaflet";
import type { City } from "../../../src/city/city.ts";
import { toPlace } from "../../../src/city/geometry.ts";
import type { Place } from "../../../src/city/geometry.ts";
import { addCells } from "./cells-layer.ts";
import type { CellsLayer } from "./cells-layer.ts";
import { addHazards } from "./hazards-layer.ts";
import type { HazardsLayer } from "./hazards-layer.ts";
import { addLabels } from "./labels-layer.ts";
import { readPalette } from "./palette.ts";
import { TOWN, WHOLE, cornerOf } from "./places.ts";
import { addRoads } from "./roads-layer.ts";
import type { RoadsLayer } from "./roads-layer.ts";
import { addScenery } from "./scenery-layer.ts";
import { addVehicles } from "./vehicles-layer.ts";
import type { VehiclesLayer } from "./vehicles-layer.ts";

/** The map in the page. */
export interface CityMap {
  readonly roads: RoadsLayer;
  readonly cells: CellsLayer;
  readonly hazards: HazardsLayer;
  readonly vehicles: VehiclesLayer;
  /** The middle of what is shown. */
  centre(): Place;
  /** Shows a piece of road. */
  goTo(segmentId: string): void;
  /** Shows a place closely. */
  goNear(place: Place): void;
  close(): void;
}

export interface CityMapParts {
  readonly element: HTMLElement;
  readonly city: City;
  readonly onSegment: (id: string) => void;
  readonly onHazard: (id: number) => void;
  /** Somebody has clicked on nothing. */
  readonly onNothing: () => void;
  /** Somebody has moved the map by hand. */
  readonly onMoved: () => void;
}

/** What lies above what; the lower ones let the pointer through. */
const PANES = { scenery: 210, grid: 320, roads: 410, labels: 520, signs: 600, vehicles: 640 } as const;
const CLOSE_ZOOM = 16;

/** Draws the city: everything comes with the page, nothing is fetched from a map server. */
export function openCityMap({
  element,
  city,
  onSegment,
  onHazard,
  onNothing,
  onMoved,
}: CityMapParts): CityMap {
  const map = L.map(element, {
    zoomControl: false,
    maxBounds: L.latLngBounds(WHOLE).pad(0.25),
    minZoom: 12,
    maxZoom: 18,
    zoomSnap: 0.25,
    wheelPxPerZoomLevel: 110,
    attributionControl: false,
  });
  L.control.zoom({ position: "bottomright" }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
  for (const [name, level] of Object.entries(PANES)) {
    const pane = map.createPane(name);
    pane.style.zIndex = String(level);
    if (name === "scenery" || name === "grid" || name === "labels") pane.style.pointerEvents = "none";
  }
  map.fitBounds(TOWN);
  // A map server's tiles would go here: L.tileLayer("https://tiles.example/{z}/{x}/{y}.png").addTo(map)
  const scenery = addScenery(map, city.scenery, "scenery");
  const cells = addCells(map, { grid: "grid", labels: "labels" });
  const roads = addRoads(map, city.segments, { pane: "roads", onPick: onSegment });
  const nameAt = addLabels(map, city, "labels");
  const hazards = addHazards(map, { pane: "signs", onPick: onHazard });
  const vehicles = addVehicles(map, "vehicles");

  const zoomed = (): void => {
    for (const part of [scenery, roads]) part.zoomed(map.getZoom());
    nameAt(map.getZoom());
  };
  const paint = (): void => {
    const palette = readPalette();
    for (const part of [scenery, cells, roads]) part.paint(palette);
  };
  const stop = new AbortController();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint, { signal: stop.signal });
  const resized = new ResizeObserver(() => map.invalidateSize());
  resized.observe(element);
  map.on("zoomend", zoomed).on("click", onNothing).on("dragstart", onMoved);
  zoomed();
  paint();

  return {
    roads,
    cells,
    hazards,
    vehicles,
    centre() {
      const { lat, lng } = map.getCenter();
      return { latitude: lat, longitude: lng };
    },
    goTo(segmentId) {
      const segment = city.segment(segmentId);
      if (!segment) return;
      const bounds = L.latLngBounds(segment.line.map((spot) => cornerOf(toPlace(spot))));
      map.flyTo(bounds.getCenter(), Math.max(15, map.getZoom()), { duration: 0.7 });
    },
    goNear: (place) => void map.setView(cornerOf(place), Math.max(CLOSE_ZOOM, map.getZoom())),
    close() {
      stop.abort();
      resized.disconnect();
      vehicles.close();
      map.remove();
    },
  };
}
