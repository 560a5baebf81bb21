import * as L from "leaflet";
import type { Place } from "../../../src/city/geometry.ts";
import { cornerOf } from "./places.ts";

/** Where a vehicle was said to be. */
export interface Sighting extends Place {
  readonly heading: number;
  readonly speedKmh: number;
  /** Who drives, and what. */
  readonly words: string;
  readonly isOwn: boolean;
}

/** The vehicles, which glide from one report to the next. */
export interface VehiclesLayer {
  saw(key: string, sighting: Sighting): void;
  forget(key: string): void;
  setVisible(isVisible: boolean): void;
  /** Keeps a vehicle in the middle; `undefined` for none. */
  follow(key: string | undefined): void;
  close(): void;
}

/** A vehicle that has said nothing for so long is gone. */
const SILENT_MS = 12_000;
const USUAL_MS = 1_000;
const MOST_MS = 3_000;
/** Farther than this it has not driven, it has begun elsewhere: half a kilometre, in degrees. */
const JUMP_DEGREES = 0.006;

interface Vehicle {
  readonly marker: L.Marker;
  readonly arrow: HTMLElement;
  readonly tip: HTMLElement;
  from: Place;
  to: Place;
  heading: number;
  seenMs: number;
  /** How long the way to the newest report takes. */
  lastsMs: number;
}

/** Shows vehicles on the map. */
export function addVehicles(
  map: L.Map,
  { pane, centreOn }: { readonly pane: string; readonly centreOn: (place: Place) => void },
): VehiclesLayer {
  const group = L.layerGroup().addTo(map);
  const vehicles = new Map<string, Vehicle>();
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let followed: string | undefined;
  let frame = requestAnimationFrame(move);

  function move(nowMs: number): void {
    for (const [key, vehicle] of vehicles) {
      if (nowMs - vehicle.seenMs > SILENT_MS) {
        forget(key);
        continue;
      }
      const place = whereIs(vehicle, isCalm ? Infinity : nowMs);
      vehicle.marker.setLatLng(cornerOf(place));
      if (key === followed) centreOn(place);
    }
    frame = requestAnimationFrame(move);
  }

  function forget(key: string): void {
    vehicles.get(key)?.marker.remove();
    vehicles.delete(key);
  }

  return {
    forget,
    saw(key, { heading, words, isOwn, speedKmh, ...to }) {
      const nowMs = performance.now();
      const known = vehicles.get(key);
      const vehicle = known ?? createVehicle({ to, nowMs, isOwn, pane });
      if (!known) {
        vehicles.set(key, vehicle);
        vehicle.marker.addTo(group);
      }
      const from = whereIs(vehicle, nowMs);
      const isJump =
        Math.abs(from.latitude - to.latitude) + Math.abs(from.longitude - to.longitude) > JUMP_DEGREES;
      vehicle.from = isJump ? to : from;
      vehicle.to = to;
      // A little longer than since the last report: so it never stands still between two.
      vehicle.lastsMs = known ? Math.min(MOST_MS, Math.max(200, (nowMs - vehicle.seenMs) * 1.15)) : USUAL_MS;
      vehicle.seenMs = nowMs;
      // The shorter way round.
      vehicle.heading += ((heading - vehicle.heading + 540) % 360) - 180;
      vehicle.arrow.style.transform = `rotate(${vehicle.heading}deg)`;
      vehicle.tip.textContent = `${words}, ${Math.round(speedKmh)} km/h`;
    },
    setVisible(isVisible) {
      if (isVisible) group.addTo(map);
      else group.remove();
    },
    follow(key) {
      followed = key;
    },
    close() {
      cancelAnimationFrame(frame);
    },
  };
}

function createVehicle({
  to,
  nowMs,
  isOwn,
  pane,
}: {
  readonly to: Place;
  readonly nowMs: number;
  readonly isOwn: boolean;
  readonly pane: string;
}): Vehicle {
  const arrow = document.createElement("span");
  arrow.className = "vehicle-arrow";
  const icon = L.divIcon({
    className: isOwn ? "vehicle vehicle-own" : "vehicle",
    html: arrow,
    iconSize: [0, 0],
  });
  const marker = L.marker(cornerOf(to), { icon, keyboard: false, pane, zIndexOffset: isOwn ? 1_000 : 0 });
  const tip = document.createElement("span");
  marker.bindTooltip(tip, { direction: "top", offset: [0, -12], className: "vehicle-tip" });
  return { marker, arrow, tip, from: to, to, heading: 0, seenMs: nowMs, lastsMs: USUAL_MS };
}

function whereIs({ from, to, seenMs, lastsMs }: Vehicle, nowMs: number): Place {
  const part = Math.min(1, Math.max(0, (nowMs - seenMs) / lastsMs));
  return {
    latitude: from.latitude + (to.latitude - from.latitude) * part,
    longitude: from.longitude + (to.longitude - from.longitude) * part,
  };
}
