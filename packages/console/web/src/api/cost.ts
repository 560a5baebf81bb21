import { useSyncExternalStore } from "react";

/** What this page has cost the server since it was opened. */
export interface Cost {
  readonly requests: number;
  readonly bytes: number;
  readonly serverMs: number;
}

/** Adds up what requests cost. */
export interface CostMeter {
  note(request: Omit<Cost, "requests">): void;
  read(): Cost;
  listen(listener: () => void): () => void;
}

/** Makes a meter that stands at nothing. */
export function createCostMeter(): CostMeter {
  let cost: Cost = { requests: 0, bytes: 0, serverMs: 0 };
  const listeners = new Set<() => void>();
  return {
    note({ bytes, serverMs }) {
      cost = {
        requests: cost.requests + 1,
        bytes: cost.bytes + bytes,
        serverMs: cost.serverMs + serverMs,
      };
      for (const listener of listeners) listener();
    },
    read: () => cost,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The cost as it is now. */
export function useCost(meter: CostMeter): Cost {
  return useSyncExternalStore(meter.listen, meter.read);
}
