import * as L from "leaflet";
import type { RegionsAnswer } from "../../../src/answers.ts";
import { CITY_AREA } from "../../../src/city/area.ts";
import { boxOf, cellsIn } from "../../../src/city/cells.ts";
import type { Palette } from "./palette.ts";

/** The regions, and how many are in each. */
export interface CellsLayer {
  paint(palette: Palette): void;
  show(cells: RegionsAnswer["cells"]): void;
  /** Marks the region that one is in oneself. */
  mark(cell: string | undefined): void;
  setVisible(isVisible: boolean): void;
}

/** Draws the grid of the geohash cells, and a number where somebody is. */
export function addCells(map: L.Map, panes: { readonly grid: string; readonly labels: string }): CellsLayer {
  const renderer = L.canvas({ pane: panes.grid, padding: 0.6 });
  const group = L.layerGroup().addTo(map);
  const boxes = new Map<string, L.Rectangle>();
  const badges = new Map<string, L.Marker>();
  let palette: Palette | undefined;
  let counts = new Map<string, number>();
  let own: string | undefined;

  for (const cell of cellsIn(CITY_AREA)) {
    const { south, west, north, east } = boxOf(cell);
    const bounds: L.LatLngBoundsExpression = [
      [south, west],
      [north, east],
    ];
    const box = L.rectangle(bounds, { renderer, pane: panes.grid, interactive: false, weight: 1 });
    boxes.set(cell, box.addTo(group));
  }

  function draw(): void {
    for (const [cell, box] of boxes) {
      const count = counts.get(cell) ?? 0;
      const isOwn = cell === own;
      box.setStyle({
        color: isOwn ? palette?.selected : palette?.cell,
        weight: isOwn ? 2.5 : 1,
        opacity: isOwn ? 0.9 : 0.75,
        fillColor: palette?.["cell-busy"],
        fillOpacity: count === 0 ? 0 : Math.min(0.3, 0.1 + count * 0.05),
      });
      if (isOwn) box.bringToFront();
    }
  }

  function label(cell: string, count: number): void {
    const known = badges.get(cell);
    if (count === 0) {
      known?.remove();
      badges.delete(cell);
    } else if (known) {
      known.getElement()?.querySelector("b")?.replaceChildren(String(count));
    } else {
      const { north, west } = boxOf(cell);
      const icon = L.divIcon({ className: "cell-badge", html: badgeOf(cell, count), iconSize: undefined });
      const badge = L.marker([north, west], {
        icon,
        interactive: false,
        keyboard: false,
        pane: panes.labels,
      });
      badges.set(cell, badge.addTo(group));
    }
  }

  return {
    paint(next) {
      palette = next;
      draw();
    },
    show(cells) {
      counts = new Map(cells.map(({ cell, count }) => [cell, count]));
      for (const cell of boxes.keys()) label(cell, counts.get(cell) ?? 0);
      draw();
    },
    mark(cell) {
      own = cell;
      draw();
    },
    setVisible(isVisible) {
      if (isVisible) group.addTo(map);
      else group.remove();
    },
  };
}

/** The name of a region and how many are there, which alone is shown from afar. */
function badgeOf(cell: string, count: number): HTMLElement {
  const badge = document.createElement("span");
  const [name, number] = [document.createElement("i"), document.createElement("b")];
  name.textContent = cell;
  number.textContent = String(count);
  badge.append(name, number);
  return badge;
}
