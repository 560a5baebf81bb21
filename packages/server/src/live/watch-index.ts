import { reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { ChangeRecord, Claim } from "../ports/change-log.ts";

/** Why a watched response is out of date: present `position` and a refetch is newer. */
export interface StaleNotice {
  readonly position: Position;
  /** The change that did it, if one is known. */
  readonly changeId?: string | undefined;
}

/** A watched response, and all who watch it. */
export interface Watch {
  /** What the response depends on, and the position it is from. */
  readonly claim: Claim;
  /** How many watch it. */
  size(): number;
  /**
   * Told at most once, after the watch has left the index. `told`: how many watchers are told on this node at the same time. Must
   * not throw.
   */
  onStale(notice: StaleNotice, told: number): void;
}

/** The watched responses of one node, by what they depend on. Pure: no clock, no I/O. */
export interface WatchIndex {
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

/** Makes an empty index. What a call tells is told by `run`, one watch in each step. */
export function createWatchIndex(run: (work: Iterator<unknown>) => void): WatchIndex {
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

  /** What is told may watch anew at once, so everything is found before anything is told. */
  function tell(found: ReadonlySet<Watch>, noticeOf: (watch: Watch) => StaleNotice): void {
    if (found.size === 0) return;
    let told = 0;
    for (const watch of found) told += watch.size();
    run(telling());
    function* telling(): Generator<void> {
      for (const watch of found) {
        // It may be gone, or told of something else, meanwhile.
        if (remove(watch)) watch.onStale(noticeOf(watch), told);
        yield;
      }
    }
  }

  function* depending(tags: readonly string[]): Iterable<Watch> {
    for (const tag of tags) yield* byTag.get(tag) ?? [];
  }

  return {
    add(watch) {
      watches.add(watch);
      for (const tag of watch.claim.tags) {
        const others = byTag.get(tag);
        if (others) others.add(watch);
        else byTag.set(tag, new Set([watch]));
      }
    },
    delete(watch) {
      remove(watch);
    },
    has: (watch) => watches.has(watch),
    all: () => [...watches],
    apply({ tags, position, changeId }) {
      const notice = { position, changeId };
      const older = new Set<Watch>();
      for (const watch of depending(tags)) if (!reaches(watch.claim.position, position)) older.add(watch);
      tell(older, () => notice);
    },
    applyTags(tags, notice) {
      tell(new Set(depending(tags)), notice);
    },
    stale(watch, notice) {
      if (watches.has(watch)) tell(new Set([watch]), () => notice);
    },
  };
}
