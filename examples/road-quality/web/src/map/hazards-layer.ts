import * as L from "leaflet";
import type { Hazard } from "../../../src/contract.ts";
import { HAZARD_WORDS } from "../words.ts";
import { cornerOf } from "./places.ts";

/** What lies in the way. */
export interface HazardsLayer {
  show(hazards: readonly Hazard[]): void;
  setVisible(isVisible: boolean): void;
}

/** The corner of the sign that stands on the spot. */
const TIP: [number, number] = [13, 31];

/** Puts a sign where something lies in the way; a click on it, or Enter, is told. */
export function addHazards(
  map: L.Map,
  { pane, onPick }: { readonly pane: string; readonly onPick: (id: number) => void },
): HazardsLayer {
  const group = L.layerGroup().addTo(map);
  const signs = new Map<number, L.Marker>();
  return {
    show(hazards) {
      const ids = new Set(hazards.map(({ id }) => id));
      for (const [id, sign] of signs) {
        if (ids.has(id)) continue;
        sign.remove();
        signs.delete(id);
      }
      for (const hazard of hazards) {
        if (signs.has(hazard.id)) continue;
        const words = [HAZARD_WORDS[hazard.kind], hazard.street].filter(Boolean).join(", ");
        const icon = L.divIcon({
          className: `sign sign-${hazard.kind}`,
          iconSize: [26, 26],
          iconAnchor: TIP,
        });
        const sign = L.marker(cornerOf(hazard), { icon, pane, title: words, riseOnHover: true });
        sign.on("click", () => onPick(hazard.id));
        sign.on("keypress", ({ originalEvent }: L.LeafletKeyboardEvent) => {
          if (originalEvent.key === "Enter") onPick(hazard.id);
        });
        sign.on("add", () => sign.getElement()?.setAttribute("aria-label", words));
        signs.set(hazard.id, sign.addTo(group));
      }
    },
    setVisible(isVisible) {
      if (isVisible) group.addTo(map);
      else group.remove();
    },
  };
}
