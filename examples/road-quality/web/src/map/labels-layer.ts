import * as L from "leaflet";
import type { City } from "../../../src/city/city.ts";
import { alongLine, toPlace } from "../../../src/city/geometry.ts";
import type { Spot } from "../../../src/city/geometry.ts";
import type { Segment } from "../../../src/city/streets.ts";
import { cornerOf } from "./places.ts";

/** From which zoom on a name is shown. */
const FROM_ZOOM = { district: 12, park: 14, water: 13, ring: 13.5, main: 14, street: 15 } as const;

/** Writes the names of streets, parks and districts. Answers what is to be told when the zoom has changed. */
export function addLabels(map: L.Map, city: City, pane: string): (zoom: number) => void {
  const labels = [
    ...city.scenery.names.map(({ words, kind, at }) => ({
      fromZoom: FROM_ZOOM[kind],
      marker: labelAt({ words, at, className: `map-name map-name-${kind}`, turn: 0 }, pane),
    })),
    ...streetLabels(city, pane),
  ];
  return (zoom) => {
    for (const { fromZoom, marker } of labels) {
      if (zoom >= fromZoom) marker.addTo(map);
      else marker.remove();
    }
  };
}

/** From here on every piece of road has its name. */
const ALL_FROM_ZOOM = 16.5;

/** One or two names a street, and on a closer look one for each of its pieces. */
function streetLabels(city: City, pane: string) {
  const byStreet = new Map<string, Segment[]>();
  for (const segment of city.segments) {
    byStreet.set(segment.street, [...(byStreet.get(segment.street) ?? []), segment]);
  }
  return [...byStreet.values()].flatMap((pieces) => {
    const usable = pieces.filter(({ isBridge, km }) => !isBridge && km > 0.25);
    const wanted = (usable.length > 5 ? [0.2, 0.75] : [0.5]).map((part) => Math.floor(part * usable.length));
    return usable.map((segment, index) => {
      const { spot, heading } = alongLine(segment.line, segment.km / 2);
      const words = segment.street;
      const marker = labelAt(
        { words, at: spot, className: "map-name map-name-road", turn: upright(heading) },
        pane,
      );
      return { fromZoom: wanted.includes(index) ? FROM_ZOOM[segment.kind] : ALL_FROM_ZOOM, marker };
    });
  });
}

/** The turn from the horizontal that leaves a text along a road the right way up. */
function upright(heading: number): number {
  const turn = ((heading - 90 + 540) % 360) - 180;
  return turn > 90 ? turn - 180 : turn < -90 ? turn + 180 : turn;
}

interface Label {
  readonly words: string;
  readonly at: Spot;
  readonly className: string;
  readonly turn: number;
}

function labelAt({ words, at, className, turn }: Label, pane: string): L.Marker {
  const text = document.createElement("span");
  text.textContent = words;
  text.style.transform = `translate(-50%, -50%) rotate(${turn}deg)`;
  const icon = L.divIcon({ className, html: text, iconSize: [0, 0] });
  return L.marker(cornerOf(toPlace(at)), { icon, interactive: false, keyboard: false, pane });
}
