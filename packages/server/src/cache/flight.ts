import type { Resolved } from "./request.ts";

/** How a load that several readers wait for has ended. */
export type Landing<T> =
  /**
   * Usable by readers who joined at or before step `goodFor`; the others must look again. `degraded`: the ground is away, so
   * readers who joined later and brought no position may use it too.
   */
  | {
      readonly type: "value";
      readonly resolved: Resolved<T>;
      readonly goodFor: number;
      readonly degraded?: true;
    }
  /** The value is for the reader who led the load alone. */
  | { readonly type: "private"; readonly resolved: Resolved<T> }
  /** Somebody else is loading, and this flight was not to wait for it: look again. */
  | { readonly type: "elsewhere" };

/** Every joined reader may use the value. */
export const GOOD_FOR_ALL = Number.POSITIVE_INFINITY;

/**
 * Where one load of one key stands. It goes through numbered steps; whoever joins notes the step. That a value was current
 * at some step proves it for everybody who joined by then, and for nobody later: a change may have returned in between.
 */
export interface FlightState {
  step: number;
  /** Nobody joins after this instant of the injected monotonic clock. */
  joinableUntilMs: number;
}

/** A flight that readers can wait for. */
export interface Flight<T> {
  readonly state: FlightState;
  readonly landing: Promise<Landing<T>>;
}

/** The flights of one node, by key. */
export interface Flights {
  /** The flight that a new reader may join at `nowMs`, if there is one. */
  open(key: string, nowMs: number): Flight<unknown> | undefined;
  /** Starts a flight; `run` is called at once. It takes no newcomers once it has landed or was closed. */
  start<T>(key: string, run: (state: FlightState) => Promise<Landing<T>>): Flight<T>;
  /** The ground is away: the flight may be joined by readers without a position, until `untilMs` or the next change. */
  degrade(state: FlightState, untilMs: number): void;
  /** A change was heard of: lets nobody join a degraded flight from now on. */
  closeDegraded(): void;
  /** Lets nobody join any of the present flights from now on; those who wait still get their landing. */
  closeAll(): void;
}

/** Makes an empty set of flights. */
export function createFlights(): Flights {
  const flying = new Map<string, Flight<unknown>>();
  const degraded = new Set<FlightState>();
  return {
    open(key, nowMs) {
      const flight = flying.get(key);
      return flight && nowMs <= flight.state.joinableUntilMs ? flight : undefined;
    },
    start(key, run) {
      const state: FlightState = { step: 0, joinableUntilMs: Number.POSITIVE_INFINITY };
      const landing = run(state).finally(() => {
        degraded.delete(state);
        if (flying.get(key)?.state === state) flying.delete(key);
      });
      const flight = { state, landing };
      flying.set(key, flight);
      return flight;
    },
    degrade(state, untilMs) {
      degraded.add(state);
      state.joinableUntilMs = Math.min(state.joinableUntilMs, untilMs);
    },
    closeDegraded() {
      for (const state of degraded) closeFlight(state);
      degraded.clear();
    },
    closeAll() {
      for (const flight of flying.values()) closeFlight(flight.state);
      flying.clear();
    },
  };
}

/** Lets nobody join from now on. */
export function closeFlight(state: FlightState): void {
  state.joinableUntilMs = Number.NEGATIVE_INFINITY;
}
