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
import { TOWN, WHOLE, cornerOf, placeOf } from "./places.ts";
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
  /** The middle of what is shown and not covered. */
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
  /** Somebody has clicked with the other button, or pressed for long. */
  readonly onPlace: (place: Place) => void;
}

/** What lies above what; the lower ones let the pointer through. */
const PANES = { scenery: 210, grid: 320, roads: 410, labels: 520, signs: 600, vehicles: 640 } as const;
const CLOSE_ZOOM = 16;
/** Below this zoom there is no room for the names of regions. */
const NAMES_ZOOM = 13.5;
/** On a page as wide as this a card covers so much of the left. */
const WIDE_PX = 800;
const CARD_PX = 320;
/** On a narrow one details cover so much of the bottom. */
const SHEET_SHARE = 0.62;

/** Draws the city: everything comes with the page, nothing is fetched from a map server. */
export function openCityMap({ element, city, ...on }: CityMapParts): CityMap {
  const map = L.map(element, {
    zoomControl: false,
    maxBounds: L.latLngBounds(WHOLE).pad(0.1),
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
  const isWide = (): boolean => element.clientWidth > WIDE_PX;
  const coveredPx = (): number => (isWide() ? CARD_PX : 0);
  map.fitBounds(TOWN, { paddingTopLeft: [coveredPx(), 0] });
  // A map server's tiles would go here: L.tileLayer("https://tiles.example/{z}/{x}/{y}.png").addTo(map)
  const scenery = addScenery(map, city.scenery, "scenery");
  const cells = addCells(map, { grid: "grid", labels: "labels" });
  const roads = addRoads(map, city.segments, { pane: "roads", onPick: on.onSegment });
  const nameAt = addLabels(map, city, "labels");
  const hazards = addHazards(map, { pane: "signs", onPick: on.onHazard });
  const vehicles = addVehicles(map, {
    pane: "vehicles",
    centreOn(place) {
      const zoom = map.getZoom();
      const middle = map.project(cornerOf(place), zoom).subtract([coveredPx() / 2, 0]);
      map.setView(map.unproject(middle, zoom), zoom, { animate: false });
    },
  });

  const zoomed = (): void => {
    for (const part of [scenery, roads]) part.zoomed(map.getZoom());
    nameAt(map.getZoom());
    element.classList.toggle("map-far", map.getZoom() < NAMES_ZOOM);
  };
  const paint = (): void => {
    const palette = readPalette();
    for (const part of [scenery, cells, roads]) part.paint(palette);
  };
  const stop = new AbortController();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint, { signal: stop.signal });
  const resized = new ResizeObserver(() => map.invalidateSize());
  resized.observe(element);
  map.on("zoomend", zoomed).on("click", on.onNothing).on("dragstart", on.onMoved);
  map.on("contextmenu", ({ latlng }: L.LeafletMouseEvent) => on.onPlace(placeOf(latlng)));
  zoomed();
  paint();

  return {
    roads,
    cells,
    hazards,
    vehicles,
    centre() {
      const { x, y } = map.getSize();
      return placeOf(map.containerPointToLatLng([(x + coveredPx()) / 2, y / 2]));
    },
    goTo(segmentId) {
      const segment = city.segment(segmentId);
      if (!segment) return;
      const bounds = L.latLngBounds(segment.line.map((spot) => cornerOf(toPlace(spot))));
      const zoom = Math.max(15, map.getZoom());
      const downPx = isWide() ? 0 : (element.clientHeight * SHEET_SHARE) / 2;
      const middle = map.project(bounds.getCenter(), zoom).add([0, downPx]);
      map.flyTo(map.unproject(middle, zoom), zoom, { duration: 0.7 });
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
