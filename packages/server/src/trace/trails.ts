import { formatPosition, parsePosition } from "@livecache/wire";
import type { Trail } from "@livecache/wire";
import type { Reason } from "../base/reasons.ts";
import type { Signals } from "../base/signals.ts";

/** What happens to a key, as far as trails care. */
export type TrailNarration =
  | {
      readonly type: "dropped";
      readonly key: string;
      readonly cause?: { readonly changeId: string | undefined } | undefined;
    }
  | { readonly type: "answered"; readonly key: string; readonly reason: Reason; readonly ms: number };

/** Follows changes over one node, from the write to the first fresh read. */
export interface Trails {
  /** What became of a change here; `undefined` when this node does not remember it. */
  of(changeId: string): Trail | undefined;
  /** The changes that this node heard of last, newest first. */
  recent(limit: number): readonly Trail[];
  /** Takes what happens to keys. It is quick: every miss is told to it. */
  narrate(event: TrailNarration): void;
}

/** What trails need from their surroundings. */
export interface TrailsParts {
  readonly signals: Signals;
  /** The ground's date, in milliseconds since 1970. */
  readonly date: () => number;
  readonly limits: TrailLimits;
}

/** How much is remembered. */
export interface TrailLimits {
  readonly maxChanges: number;
  /** Tags, and events, that are listed for each change. */
  readonly maxListed: number;
  /** Keys whose next answer, or next watcher, is waited for. */
  readonly maxKeys: number;
}

type Growing = { -readonly [Field in keyof Trail]: Trail[Field] };

/** Makes the trails of a node that has heard of nothing. */
export function createTrails(parts: TrailsParts): Trails {
  const trails = new Map<string, Growing>();
  const reads = createFirstReads(parts, trails);
  followSignals(parts, trails);
  return {
    of: (changeId) => copyOf(trails.get(changeId)),
    recent: (limit) =>
      [...trails.values()]
        .slice(-Math.max(1, limit))
        .reverse()
        .map((trail) => ({ ...trail })),
    narrate: reads.narrate,
  };
}

/** Takes what signals tell of changes. */
function followSignals({ signals, date, limits }: TrailsParts, trails: Map<string, Growing>): void {
  /** Key of a watched response to the change that made it stale, and how many are to come back. */
  const awaited = new Map<string, { readonly changeId: string; watchers: number }>();

  function trailOf(changeId: string, tags: readonly string[] = []): Growing {
    const known = trails.get(changeId);
    const trail = known ?? { changeId, tagCount: 0, tags: [], dropped: 0, events: [] };
    if (!known) keep(trails, { key: changeId, value: trail, most: limits.maxChanges });
    if (trail.tagCount === 0) {
      trail.tagCount = tags.length;
      trail.tags = tags.slice(0, limits.maxListed);
    }
    return trail;
  }

  signals.listen("change", ({ changeId, scope, position, tags, events, ms }) => {
    const trail = trailOf(changeId, tags);
    if (position) trail.position = formatPosition(position);
    const listed = events.slice(0, limits.maxListed).map(({ channel, name }) => ({ channel, name }));
    trail.write = { atMs: date() - ms, ms, scope, events: listed };
  });
  signals.listen("applied", ({ changeId, origin, position, tags }) => {
    const trail = trailOf(changeId, tags);
    trail.position = formatPosition(position);
    trail.origin = origin;
    trail.appliedAtMs ??= date();
  });
  signals.listen("told", ({ changeId, keys, queries, watchers }) => {
    trailOf(changeId).told = { atMs: date(), queries, watchers, keys };
    for (const key of keys) keep(awaited, { key, value: { changeId, watchers }, most: limits.maxKeys });
  });
  signals.listen("watched", ({ key, position }) => {
    const waiting = awaited.get(key);
    const trail = waiting && trails.get(waiting.changeId);
    const changed = parsePosition(trail?.position);
    if (!trail || !changed || position.epoch !== changed.epoch || position.seq < changed.seq) return;
    trail.watchedAgain = { count: (trail.watchedAgain?.count ?? 0) + 1, lastAtMs: date() };
    if (--waiting.watchers <= 0) awaited.delete(key);
  });
  signals.listen("event", ({ changeId, channel, name, members }) => {
    const trail = trailOf(changeId);
    if (trail.events.length >= limits.maxListed) return;
    trail.events = [...trail.events, { atMs: date(), channel, name, members }];
  });
}

/** Waits for the first answer to a reader of what a change has made void. */
function createFirstReads({ date, limits }: TrailsParts, trails: ReadonlyMap<string, Growing>) {
  /** Key to the change that made it void, until it is answered anew. */
  const unread = new Map<string, Growing>();
  return {
    narrate(event: TrailNarration): void {
      const { key } = event;
      if (event.type === "dropped") {
        const trail = trails.get(event.cause?.changeId ?? "");
        // Found void in this node's memory, and then in the ground: that is one.
        if (!trail || unread.get(key) === trail) return;
        trail.dropped++;
        keep(unread, { key, value: trail, most: limits.maxKeys });
        return;
      }
      const trail = unread.get(key);
      if (!trail) return;
      unread.delete(key);
      trail.firstRead ??= { atMs: date(), key, reason: event.reason, ms: event.ms };
    },
  };
}

function copyOf(trail: Growing | undefined): Trail | undefined {
  return trail && { ...trail };
}

/** Puts it in as the newest, and forgets the oldest beyond `most`. */
function keep<T>(map: Map<string, T>, { key, value, most }: { key: string; value: T; most: number }): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value!);
}
