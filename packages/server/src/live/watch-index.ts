import { reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { ChangeRecord, Claim } from "../ports/change-log.ts";

/** Why a watched response is out of date: present `position` and a refetch is newer. */
export interface StaleNotice {
  readonly position: Position;
  /** The change that did it, if one is known. */
  readonly changeId?: string;
}

/** One watched response. */
export interface Watch {
  /** What the response depends on, and the position it is from. */
  readonly claim: Claim;
  /** Told at most once, after the watch has left the index. Must not throw. */
  readonly onStale: (notice: StaleNotice) => void;
}

/** The watches of one node, by what they depend on. Pure: no clock, no I/O. */
export interface WatchIndex {
  /** How many watches there are. */
  size(): number;
  add(watch: Watch): void;
  /** Removes a watch; one that is gone already is accepted. */
  delete(watch: Watch): void;
  has(watch: Watch): boolean;
  /** Every watch, as of now. */
  all(): Watch[];
  /** Tells and removes the watches that depend on a tag of the record and are older than it. Costs what it finds. */
  apply(record: ChangeRecord): void;
  /** Tells and removes every watch that depends on one of the tags. */
  applyTags(tags: readonly string[], notice: (watch: Watch) => StaleNotice): void;
  /** Tells and removes one watch, if it is still there. */
  stale(watch: Watch, notice: StaleNotice): void;
}

/** Makes an empty index. */
export function createWatchIndex(): WatchIndex {
  const watches = new Set<Watch>();
  const byTag = new Map<string, Set<Watch>>();

  function remove(watch: Watch): boolean {
    if (!watches.delete(watch)) return false;
    for (const tag of watch.claim.tags) {
      const depending = byTag.get(tag);
      if (depending?.delete(watch) && depending.size === 0) byTag.delete(tag);
    }
    return true;
  }

  function stale(watch: Watch, notice: StaleNotice): void {
    if (remove(watch)) watch.onStale(notice);
  }

  return {
    size: () => watches.size,
    add(watch) {
      watches.add(watch);
      for (const tag of watch.claim.tags) {
        const depending = byTag.get(tag);
        if (depending) depending.add(watch);
        else byTag.set(tag, new Set([watch]));
      }
    },
    delete(watch) {
      remove(watch);
    },
    has: (watch) => watches.has(watch),
    all: () => [...watches],
    apply({ tags, position, changeId }) {
      for (const tag of tags) {
        for (const watch of byTag.get(tag) ?? []) {
          if (!reaches(watch.claim.position, position)) stale(watch, { position, changeId });
        }
      }
    },
    applyTags(tags, notice) {
      for (const tag of tags) {
        for (const watch of byTag.get(tag) ?? []) stale(watch, notice(watch));
      }
    },
    stale,
  };
}
