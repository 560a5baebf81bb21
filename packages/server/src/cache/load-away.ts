import { dependenciesOf } from "../base/names.ts";
import type { FillOrder, FillParts } from "./fill-order.ts";
import type { FlightState, Landing } from "./flight.ts";
import type { Loaded, Resolved, ResolveRequest } from "./request.ts";
import { pack } from "./storing.ts";

/** Loads while the ground is away: this node alone, for a short time. */
export async function loadAway<T>(
  parts: FillParts,
  flight: FlightState,
  { request, isBackground }: FillOrder<T>,
): Promise<Landing<T>> {
  const { away, clock, view, signal, narrator } = parts;
  const { key } = request;
  const startedStep = flight.step++;
  const loadedAtMs = clock.now();
  parts.flights.degrade(flight, loadedAtMs + away.ttlMs);
  // Older than the load, so a watch on this position cannot miss a change.
  const position = view.board.position();
  let loaded: Loaded<T>;
  try {
    loaded = await request.load({ key, signal, previous: () => undefined, isBackground });
  } catch (error) {
    narrator.tell({ ...toldOf(key, clock.now() - loadedAtMs), outcome: "failed", position });
    throw error;
  }
  narrator.tell({ ...toldOf(key, clock.now() - loadedAtMs), outcome: "not-storable", position });
  const rest = { source: "load", reason: "ground-away", position, ageMs: 0, ttlLeftMs: 0 } as const;
  const base = { ...rest, stored: false } as const;
  if (!loaded.store) {
    const resolved: Resolved<T> = { ...base, value: loaded.value, tags: [] };
    return loaded.isPrivate
      ? { type: "private", resolved }
      : { type: "value", resolved, goodFor: startedStep };
  }
  const { value, tags, ttlMs } = pack(request, loaded, position);
  // A change made or heard of meanwhile has closed the flight; then the value is not for later readers.
  if (flight.joinableUntilMs > loadedAtMs && isForLater(request)) {
    const dependencies = dependenciesOf(key, tags);
    away.put(key, { value, tags, dependencies, loadedAtMs, ttlMs, position });
  }
  return { type: "value", resolved: { ...base, value, tags }, goodFor: startedStep, degraded: true };
}

/** Nothing that was loaded without the ground is known to be current a moment later. */
function isForLater<T>({ freshness }: ResolveRequest<T>): boolean {
  return freshness?.consistency !== "fresh";
}

function toldOf(key: string, ms: number) {
  const nothing = { ttlMs: 0, bytes: 0, tags: [] } as const;
  return { type: "loaded", key, ms, reason: "ground-away", ...nothing } as const;
}
