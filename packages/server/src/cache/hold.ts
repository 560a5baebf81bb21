import type { Cancel } from "../base/clock.ts";
import type { FillParts } from "./fill-order.ts";
import type { Grant } from "./storing.ts";

/** What holding the right to load needs from its surroundings. */
type HoldParts = Pick<FillParts, "store" | "clock" | "tasks" | "signal" | "loadLeaseMs" | "maxLoadHeldMs">;

/** How often a lease is extended before it would end: two answers may get lost. */
const TIMES_A_LEASE = 3;

/**
 * Holds the right to load while its holder lives and loads: the lease is short, so that nobody waits long for a node that died, or for
 * a right of which the ground's word got lost. Not for ever: what takes longer than `maxLoadHeldMs` may hang, and others may load then.
 * Answers what ends it.
 */
export function holdRight(
  { store, clock, tasks, signal, loadLeaseMs, maxLoadHeldMs }: HoldParts,
  key: string,
  { lease }: Grant,
): Cancel {
  const everyMs = loadLeaseMs / TIMES_A_LEASE;
  const untilMs = clock.now() + maxLoadHeldMs - loadLeaseMs;
  let isOver = false;
  let cancel = clock.after(everyMs, extend);

  function extend(): void {
    if (signal.aborted || clock.now() >= untilMs) return;
    tasks.track(
      store.extend(key, lease, loadLeaseMs).then(
        (isHeld) => isHeld && again(),
        // The ground may be here again in time.
        again,
      ),
    );
  }

  function again(): void {
    if (!isOver) cancel = clock.after(everyMs, extend);
  }

  return () => {
    isOver = true;
    cancel();
  };
}
