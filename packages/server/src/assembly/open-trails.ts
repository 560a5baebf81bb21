import type { Signals } from "../base/signals.ts";
import type { CacheEvent, Hit, Narrator } from "../cache/narration.ts";
import type { Ground } from "../ports/ground.ts";
import { createTrails } from "../trace/trails.ts";
import type { Trails } from "../trace/trails.ts";

/** What trails need from the node. */
export interface OpenTrailsParts {
  readonly signals: Signals;
  readonly ground: Pick<Ground, "date">;
  /** Who is told of everything that happens to keys. */
  readonly ledger: Narrator;
}

/** How much of changes is remembered, by each node. */
const LIMITS = { maxChanges: 1_000, maxListed: 20, maxKeys: 10_000 };

/** Follows changes on this node from now on. The narrator answered tells the ledger, the trails and whoever listens to signals. */
export function openTrails({ signals, ground, ledger }: OpenTrailsParts): {
  readonly trails: Trails;
  readonly narrator: Narrator;
} {
  const trails = createTrails({ signals, date: () => ground.date(), limits: LIMITS });
  function tell(event: CacheEvent): void {
    ledger.tell(event);
    if (event.type !== "loaded") trails.narrate(event);
    signals.tell("cache", event);
  }
  function hit(found: Hit): void {
    ledger.hit(found);
    const { key, reason, ms } = found;
    if (reason === "hit-near") return;
    const answered = { type: "answered", key, reason, ms } as const;
    trails.narrate(answered);
    signals.tell("cache", answered);
  }
  const { countersOf, remembers } = ledger;
  return { trails, narrator: { countersOf, remembers, hit, tell } };
}
