import type { Position } from "@livecache/wire";
import type { Signals } from "../base/signals.ts";
import type { Tasks } from "../base/tasks.ts";
import type { CacheRoom } from "../cache/engine.ts";
import type { ChangesIn } from "../change/change-in.ts";
import type { Hub } from "../live/hub.ts";
import type { Standings } from "../live/standings.ts";
import type { Presence } from "../presence/presence.ts";
import type { RegionRoom } from "../regions/regions.ts";
import type { SessionRoom } from "../sessions/sessions.ts";
import type { TokenRoom } from "../tokens/tokens.ts";
import type { ChangeLog, ChangeRecord, Tail } from "../ports/change-log.ts";

/** Who is told of the log, on one node. */
export interface Corridor {
  readonly node: string;
  readonly changeLog: ChangeLog;
  readonly cache: CacheRoom;
  readonly revocations: Pick<TokenRoom, "apply" | "reset" | "heard">;
  readonly copies: Pick<SessionRoom, "apply" | "reset">;
  readonly standings: Standings;
  readonly presence: Pick<Presence, "restate">;
  /** Absent when the contract has no regions. */
  readonly regions: Pick<RegionRoom, "restate"> | undefined;
  readonly hub: Hub;
  readonly signals: Pick<Signals, "tell">;
  readonly changesIn: Pick<ChangesIn<never>, "apply">;
  readonly tasks: Tasks;
}

/**
 * Follows the log on behalf of one node. This is the one place where the order of applying a record is written: first the
 * cache forgets, then revocations count, then rights are asked for again, then screens are told. So nobody who was told can still read what was forgotten (G3).
 */
export function wireChanges(corridor: Corridor): Tail {
  const { node, changeLog, cache, revocations, copies, standings, hub, signals, changesIn, tasks } = corridor;
  let epoch: string | undefined;

  function reset(position: Position): void {
    const hasLost = epoch !== undefined && epoch !== position.epoch;
    epoch = position.epoch;
    cache.reset(position);
    revocations.reset();
    copies.reset(hasLost);
    standings.reset();
    hub.reset(position);
    // A lease may have outlived a loss that what was said under it has not.
    if (hasLost) for (const room of [corridor.presence, corridor.regions]) room?.restate();
  }

  function apply(record: ChangeRecord): void {
    const outcome = cache.apply(record);
    // Also of a record that is known, or follows on nothing: what is revoked is revoked in any order.
    revocations.apply(record);
    copies.apply(record);
    changesIn.apply(record);
    if (outcome === "applied") {
      signals.tell("applied", record);
      standings.apply(record);
      hub.apply(record);
    }
    if (outcome === "hole") reset(record.position);
  }

  function acknowledge(position: Position | undefined): void {
    // A lost acknowledgement only lets a waiting writer wait for the lease instead.
    if (position) tasks.track(changeLog.acknowledge(node, position).catch(() => undefined));
  }

  return changeLog.tail({
    node,
    onEvent(event) {
      if (event.type === "start") {
        reset(event.position);
        // Whoever knows nothing older has applied everything before: nobody needs to wait for this node.
        acknowledge(event.position);
      }
      if (event.type === "heard") {
        cache.heard(event.askedAtMs);
        revocations.heard(event.askedAtMs);
      }
      if (event.type === "records") {
        for (const record of event.records) apply(record);
        if (event.records.some(({ awaited }) => awaited)) acknowledge(cache.applied());
      }
    },
  });
}
