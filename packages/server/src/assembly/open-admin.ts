import type { ChangePreview, ChangeTrace, NodeReport, NodesReport, Trail } from "@livecache/wire";
import { createAsks } from "../admin/asks.ts";
import { MOST_NAMED, createNodeReport } from "../admin/node-report.ts";
import { wholeNumber } from "../base/check.ts";
import { MAX_CHANGE_TAGS, checkTags, movedBy } from "../base/names.ts";
import { countsOf } from "../cache/stats.ts";
import type { Trails } from "../trace/trails.ts";
import { nearOf } from "./live-cache.ts";
import type { Rooms } from "./open-rooms.ts";

/** What operators are told about all nodes. Every answer is put together from what the live nodes say, and names who is missing. */
export interface LiveAdmin {
  /** What each node says of itself. While the ground is away only this node answers. */
  nodes(): Promise<NodesReport>;
  /** The changes that this node heard of last, newest first: 1 to 1,000, by default 50. */
  recentChanges(limit?: number): readonly Trail[];
  /**
   * What `live.change({ tags })` would do now, without doing it. Rejects with `LIVE_INPUT_INVALID` for tags that it would refuse.
   */
  preview(change: { readonly tags: readonly string[] }): Promise<ChangePreview>;
  /** What became of a change, on every node that has heard of it: the last 1,000 changes are remembered. */
  trace(changeId: string): Promise<ChangeTrace>;
}

/** Opens what operators ask. */
export function openAdmin(rooms: Rooms, trails: Trails): LiveAdmin {
  const { node, stores, ground, clock, cache, hub, ledger } = rooms;
  const report = createNodeReport({
    ...{ node, ground, clock, date: () => ground.date(), applied: cache.applied },
    hasPending: rooms.hasPending,
    cache: () => countsOf({ patterns: ledger.patterns, near: () => nearOf(rooms) }),
    live: () => ({ ...hub.figures(), busiest: hub.busiest(MOST_NAMED) }),
  });
  const asks = createAsks({
    ...{ node, clock, lane: stores.lane, tasks: rooms.tasks, signal: rooms.signal, warn: rooms.warn },
    nodes: () => stores.changeLog.nodes(),
    respond: {
      report,
      trail: (changeId: string) => trails.of(changeId) ?? null,
      preview: (tags: readonly string[]) => previewHere(rooms, tags),
    },
  });
  return {
    async nodes() {
      const { byNode, missing } = await asks.ask<NodeReport>("report", null);
      return { nodes: [...byNode.values()].toSorted((a, b) => a.startedAtMs - b.startedAtMs), missing };
    },
    recentChanges: (limit = 50) => trails.recent(wholeNumber("recentChanges: limit", limit, [1, 1_000])),
    async preview({ tags: named }) {
      checkTags(named, MAX_CHANGE_TAGS);
      const tags = [...new Set(named.flatMap(movedBy))];
      const { byNode, missing } = await asks.ask<Omit<ChangePreview["nodes"][number], "node">>(
        "preview",
        tags,
      );
      return { tags, nodes: [...byNode].map(([name, would]) => ({ node: name, ...would })), missing };
    },
    async trace(changeId) {
      const { byNode, missing } = await asks.ask<Trail | null>("trail", changeId);
      const nodes = [...byNode].flatMap(([name, trail]) => (trail ? [{ node: name, ...trail }] : []));
      return { changeId, nodes, missing };
    },
  };
}

/** What a change of these tags would do on this node. Looks at each entry of its memory. */
function previewHere({ cache, hub }: Rooms, tags: readonly string[]) {
  const moved = new Set(tags);
  let entries = 0;
  let loadMs = 0;
  for (const { dependencies, counters } of cache.view.near.entries()) {
    if (!dependencies.some((tag) => moved.has(tag))) continue;
    entries++;
    if (counters.loads > 0) loadMs += counters.loadMsTotal / counters.loads;
  }
  return { entries, loadMs: Math.round(loadMs), ...hub.dependingOn(tags) };
}
