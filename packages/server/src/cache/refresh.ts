import { fill } from "./fill.ts";
import { missOf } from "./far.ts";
import type { Found } from "./far.ts";
import type { Landing } from "./flight.ts";
import { previousOf } from "./look.ts";
import type { ReadParts } from "./look.ts";
import type { ResolveRequest } from "./request.ts";

/** How long refreshing rests after a load that brought nothing. */
const REST_MS = 1_000;

/** How long it rests while another node is at it. */
const REST_ELSEWHERE_MS = 50;

/**
 * Has a value that was just answered loaded anew, in the background: one load for the whole cluster, as ever. What it brings is
 * judged and stored as any load is. A load that fails is counted, and tried again by a reader a second later.
 */
export function startRefresh<T>(parts: ReadParts, request: ResolveRequest<T>, found: Found<T>): void {
  const { flights, clock, tasks, restedRefreshes } = parts;
  const { key } = request;
  if (flights.open(key, clock.now()) || restedRefreshes.isPaused(key)) return;
  const miss = { ...missOf("refreshed", found.id), previous: () => previousOf(found) };
  const order = { request, miss, isBackground: true, waits: false };
  const flight = flights.start<T>(key, (state) => fill(parts, state, order));
  const rest = (forMs: number): void => restedRefreshes.pause(key, forMs);
  tasks.track(
    flight.landing.then(
      (landing) => {
        if (landing.type === "elsewhere") rest(REST_ELSEWHERE_MS);
        else if (!isKept(landing)) rest(REST_MS);
      },
      () => rest(REST_MS),
    ),
  );
}

function isKept(landing: Landing<unknown>): boolean {
  return landing.type === "value" && landing.resolved.stored;
}
