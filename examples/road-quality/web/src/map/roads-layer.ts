import * as L from "leaflet";
import type { SegmentQuality } from "../../../src/answers.ts";
import type { RoadKind, Segment } from "../../../src/city/streets.ts";
import { gradeOf } from "../../../src/quality.ts";
import { GRADES } from "../../../src/vocabulary.ts";
import type { Grade } from "../../../src/vocabulary.ts";
import type { Palette } from "./palette.ts";
import { cornersOf } from "./places.ts";

/** The roads, in the colours of their quality. */
export interface RoadsLayer {
  paint(palette: Palette): void;
  zoomed(zoom: number): void;
  /** Colours what has changed, and lets it light up. */
  show(qualities: readonly SegmentQuality[]): void;
  /** Fades the roads of all other grades. */
  only(grades: ReadonlySet<Grade>): void;
  select(id: string | undefined): void;
}

const WIDTH: Readonly<Record<RoadKind, number>> = { ring: 6.5, main: 5.4, street: 3.8 };
const ORDER: readonly RoadKind[] = ["street", "main", "ring"];
const FLASH_MS = 700;

interface Road {
  readonly segment: Segment;
  readonly casing: L.Polyline;
  readonly fill: L.Polyline;
  known: SegmentQuality | undefined;
  flash: ReturnType<typeof setTimeout> | undefined;
}

/** Draws the roads; a click on one, or near it, is told. */
export function addRoads(
  map: L.Map,
  segments: readonly Segment[],
  { pane, onPick }: { readonly pane: string; readonly onPick: (id: string) => void },
): RoadsLayer {
  const renderer = L.canvas({ pane, padding: 0.6, tolerance: 7 });
  const shared = { renderer, pane, lineCap: "round", lineJoin: "round", smoothFactor: 0.8 } as const;
  const selected = L.polyline([], { ...shared, interactive: false, opacity: 1 });
  const roads = new Map<string, Road>();
  let palette: Palette | undefined;
  let scale = 1;
  let grades: ReadonlySet<Grade> = new Set(GRADES);
  let selectedId: string | undefined;

  const ordered = ORDER.flatMap((kind) => segments.filter((segment) => segment.kind === kind));
  for (const segment of ordered) {
    const line = cornersOf(segment.line);
    const casing = L.polyline(line, { ...shared, interactive: false, opacity: 1 }).addTo(map);
    const fill = L.polyline(line, { ...shared, opacity: 1 });
    fill.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      onPick(segment.id);
    });
    roads.set(segment.id, { segment, casing, fill, known: undefined, flash: undefined });
  }
  selected.addTo(map);
  for (const { fill } of roads.values()) fill.addTo(map);

  function draw(road: Road): void {
    const style = styleOf(road, { palette, scale, grades });
    road.casing.setStyle(style.casing);
    road.fill.setStyle(style.fill);
  }

  function drawAll(): void {
    for (const road of roads.values()) draw(road);
    const road = selectedId === undefined ? undefined : roads.get(selectedId);
    selected.setLatLngs(road ? cornersOf(road.segment.line) : []);
    selected.setStyle({
      color: palette?.selected,
      weight: road ? WIDTH[road.segment.kind] * scale + 9 : 0,
    });
  }

  function light(road: Road): void {
    clearTimeout(road.flash);
    road.flash = setTimeout(() => {
      road.flash = undefined;
      draw(road);
    }, FLASH_MS);
  }

  return {
    paint(next) {
      palette = next;
      drawAll();
    },
    zoomed(zoom) {
      scale = 2 ** ((zoom - 14) * 0.55);
      drawAll();
    },
    show(qualities) {
      for (const known of qualities) {
        const road = roads.get(known.id);
        if (!road) continue;
        const before = road.known;
        road.known = known;
        if (before?.updatedAt === known.updatedAt) continue;
        if (before) light(road);
        draw(road);
      }
    },
    only(next) {
      grades = next;
      drawAll();
    },
    select(id) {
      selectedId = id;
      drawAll();
    },
  };
}

interface Looks {
  readonly palette: Palette | undefined;
  readonly scale: number;
  readonly grades: ReadonlySet<Grade>;
}

function styleOf(
  { segment, known, flash }: Road,
  { palette, scale, grades }: Looks,
): { casing: L.PathOptions; fill: L.PathOptions } {
  const grade = known?.quality == null ? undefined : gradeOf(known.quality);
  // Roads that nobody has measured are of no grade: they fade with the first that is taken away.
  const isFaded = grade === undefined ? grades.size < GRADES.length : !grades.has(grade);
  const weight = WIDTH[segment.kind] * scale * (grade === "bad" ? 1.2 : 1);
  return {
    casing: { color: palette?.casing, weight: weight + 2.4 * Math.min(1.6, scale) },
    fill: {
      color: palette?.[grade ?? "unknown"],
      weight: flash ? weight + 4 : weight,
      opacity: isFaded ? 0.16 : 1,
    },
  };
}
