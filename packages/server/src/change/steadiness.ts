import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";

/** Whether the ground's register names every node that may answer. */
export interface Steadiness {
  /** The ground is back for this node; others may be on their way. */
  returned(): void;
  /** A change of this node stands there. Of another epoch than the one before, the register may have been lost. */
  appended(position: Position): void;
  isSteady(): boolean;
}

/** How long the other nodes may take to come back to a ground that is there again. */
export const RETURN_MS = 5_000;

/** Makes it: steady, until something happens. */
export function createSteadiness(clock: Pick<Clock, "now">): Steadiness {
  let shakenAtMs = -Infinity;
  let epoch: string | undefined;
  const shake = (): void => void (shakenAtMs = clock.now());
  return {
    returned: shake,
    appended(position) {
      if (epoch !== undefined && epoch !== position.epoch) shake();
      epoch = position.epoch;
    },
    isSteady: () => clock.now() - shakenAtMs >= RETURN_MS,
  };
}
