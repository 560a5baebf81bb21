import { reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { dependenciesOf } from "../base/names.ts";
import { Pushing } from "./pushing.ts";
import type { PushingParts } from "./pushing.ts";
import type { QueryClaim } from "./query-token.ts";
import { WatchGroup } from "./watch-group.ts";
import type { GroupKind, Seat, WatchGroupParts } from "./watch-group.ts";
import type { Watcher } from "./watch-audience.ts";

/** What the groups of a node need from their surroundings. */
export interface WatchGroupsParts extends Omit<WatchGroupParts, "onOver">, PushingParts {}

/** Everybody on this node who watches anything, in groups that are told together. */
export interface WatchGroups {
  /**
   * Takes a seat for the response of a token. What is not pushed is watched together by those who hold the same token; what is pushed
   * by all who watch the same key, as long as their responses depend on the same things and are no older than what was pushed last.
   */
  sit(watcher: Watcher, token: string, claim: QueryClaim): Seat;
}

/** A change ends the watch. */
const ENDED_BY_CHANGE: GroupKind = {
  onStale: (group, notice, told) => group.end(notice, told),
  onAdmitted: () => undefined,
  onOver: () => undefined,
};

/** Makes an empty set of groups. */
export function createWatchGroups(given: WatchGroupsParts): WatchGroups {
  /** By token, or by key where bodies are pushed. */
  const byName = new Map<string, WatchGroup[]>();
  const parts = { ...given, onOver: remove };
  let lastId = 0;

  function open(name: string, first: QueryClaim, isPushed: boolean): WatchGroup {
    const kind = isPushed ? new Pushing(parts, first) : ENDED_BY_CHANGE;
    const group = new WatchGroup(parts, { id: String(++lastId), name, first, kind });
    const others = byName.get(name);
    if (others) others.push(group);
    else byName.set(name, [group]);
    return group;
  }

  function remove(group: WatchGroup): void {
    const left = byName.get(group.name)!.filter((other) => other !== group);
    if (left.length === 0) byName.delete(group.name);
    else byName.set(group.name, left);
  }

  return {
    sit(watcher, token, claim) {
      const pushed = claim.push ? (byName.get(pushName(claim.key)) ?? []) : [];
      const isPushed = claim.push && (pushed.length === 0 || pushed.some((group) => suits(group, claim)));
      const name = isPushed ? pushName(claim.key) : token;
      const present = isPushed ? pushed.filter((group) => suits(group, claim)) : (byName.get(name) ?? []);
      // One that watches the same twice has two ids, and so two groups.
      const group = present.find((other) => !other.has(watcher)) ?? open(name, claim, isPushed);
      return group.sit(watcher, claim.position);
    },
  };
}

/** No token looks like this. */
function pushName(key: string): string {
  return `push ${key}`;
}

function suits(
  { claim }: WatchGroup,
  held: { key: string; tags: readonly string[]; position: Position },
): boolean {
  if (!reaches(held.position, claim.position)) return false;
  const tags = dependenciesOf(held.key, held.tags);
  return tags.length === claim.tags.length && tags.every((tag, index) => tag === claim.tags[index]);
}
