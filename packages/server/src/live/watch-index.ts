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
  /** The key of the response. */
  readonly key: string;
  /** How many watch it on this node. */
  size(): number;
  /** Told after the watch has left the index. `told`: about how many watchers are told on this node at the same time. Must not throw. */
  onStale(notice: StaleNotice, told: number): void;
}

/** What one record of the log made stale. `keys`: of the first few responses. */
export interface ToldOf {
  readonly changeId: string;
  readonly keys: readonly string[];
  readonly queries: number;
  readonly watchers: number;
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
  /** How many watched responses depend on one of the tags, and how many watch them. */
  dependingOn(tags: readonly string[]): { readonly queries: number; readonly watchers: number };
  /** Tells and removes one watch, if it is still there. */
  stale(watch: Watch, notice: StaleNotice): void;
}

/** What an index needs from its surroundings. */
export interface WatchIndexParts {
  /** Does work of which each step tells one watch, at once or later: there may be many thousands. */
  readonly run: (work: Iterator<unknown>) => void;
  /** How many watchers a watch has, on average. */
  readonly averageSize: () => number;
  /** A record made responses stale, and those who watch them were told. */
  readonly onTold: (told: ToldOf) => void;
}

/** How many keys are named. */
const NAMED_KEYS = 10;

/** Makes an empty index. */
export function createWatchIndex({ run, averageSize, onTold }: WatchIndexParts): WatchIndex {
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

  /** Whoever is told may watch anew at once, so what there is now is listed first. Only listed: looking at each is the larger part. */
  function listed(tags: readonly string[]): Watch[] {
    return tags.flatMap((tag) => [...(byTag.get(tag) ?? [])]);
  }

  function* telling(
    found: readonly Watch[],
    noticeOf: (watch: Watch) => StaleNotice | undefined,
  ): Generator<void> {
    const told = Math.ceil(Math.min(found.length, watches.size) * averageSize());
    for (const watch of found) {
      const notice = noticeOf(watch);
      // It may be gone, or told of something else, meanwhile.
      if (notice && remove(watch)) watch.onStale(notice, told);
      yield;
    }
  }

  function* tellingOf({ position, changeId }: ChangeRecord, found: readonly Watch[]): Generator<void> {
    const told = { changeId, keys: [] as string[], queries: 0, watchers: 0 };
    function noticeOf(watch: Watch): StaleNotice | undefined {
      if (reaches(watch.claim.position, position)) return undefined;
      if (watches.has(watch)) {
        told.queries++;
        told.watchers += watch.size();
        if (told.keys.length < NAMED_KEYS) told.keys.push(watch.key);
      }
      return { position, changeId };
    }
    yield* telling(found, noticeOf);
    if (told.queries > 0) onTold(told);
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
    apply(record) {
      const found = listed(record.tags);
      if (found.length > 0) run(tellingOf(record, found));
    },
    applyTags(tags, notice) {
      const found = listed(tags);
      if (found.length > 0) run(telling(found, notice));
    },
    dependingOn(tags) {
      const found = new Set(listed(tags));
      let watchers = 0;
      for (const watch of found) watchers += watch.size();
      return { queries: found.size, watchers };
    },
    stale(watch, notice) {
      if (watches.has(watch)) run(telling([watch], () => notice));
    },
  };
}
