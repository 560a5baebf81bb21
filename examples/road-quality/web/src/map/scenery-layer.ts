import * as L from "leaflet";
import type { Scenery } from "../../../src/city/scenery.ts";
import type { Palette } from "./palette.ts";
import { cornersOf, widened } from "./places.ts";

/** Houses and lanes are worth drawing from here on. */
const CLOSE_ZOOM = 14;

/** What lies between the roads. */
export interface SceneryLayer {
  paint(palette: Palette): void;
  /** To be told when the zoom has changed. */
  zoomed(zoom: number): void;
}

/** Draws what lies between the roads, from the land up. */
export function addScenery(map: L.Map, scenery: Scenery, pane: string): SceneryLayer {
  const shared = { renderer: L.canvas({ pane, padding: 0.6 }), interactive: false, pane };
  const area = (...outlines: L.LatLngExpression[][]) =>
    L.polygon(
      outlines.map((outline) => [outline]),
      { ...shared, stroke: false, fillOpacity: 1, smoothFactor: 0.4 },
    );
  const town = area(cornersOf(scenery.builtUp));
  const woods = area(...scenery.woods.map(cornersOf));
  const parks = area(...scenery.parks.map(cornersOf));
  const river = area(cornersOf(widened(scenery.river, scenery.riverWidthKm)));
  const lake = area(cornersOf(scenery.lake));
  const buildings = area(...scenery.buildings.map(cornersOf));
  const lanes = L.polyline(scenery.lanes.map(cornersOf), { ...shared, weight: 2, opacity: 1 });
  const rail = L.polyline(cornersOf(scenery.railway), { ...shared, weight: 2, dashArray: "7 5", opacity: 1 });
  const far = [woods, town, parks, river, lake, rail];
  const close = [buildings, lanes];
  for (const layer of far) layer.addTo(map);
  return {
    paint(palette) {
      town.setStyle({ fillColor: palette.town });
      woods.setStyle({ fillColor: palette.wood });
      parks.setStyle({ fillColor: palette.park });
      for (const water of [river, lake]) water.setStyle({ fillColor: palette.water });
      buildings.setStyle({ fillColor: palette.building });
      lanes.setStyle({ color: palette.lane });
      rail.setStyle({ color: palette.rail });
    },
    zoomed(zoom) {
      for (const layer of close) {
        if (zoom >= CLOSE_ZOOM) layer.addTo(map);
        else layer.remove();
      }
    },
  };
}
