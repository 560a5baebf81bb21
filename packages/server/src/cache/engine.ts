import { LiveError, isLiveError, reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { CacheStore, ReadReply } from "../ports/cache-store.ts";
import type { ChangeLog, ChangeRecord, Claim, Verdict } from "../ports/change-log.ts";
import { createAwayMemory } from "./away.ts";
import { fill, receive } from "./fill.ts";
import type { FillParts, Miss } from "./fill.ts";
import { createFlights } from "./flight.ts";
import type { Flight } from "./flight.ts";
import { createNodeView } from "./node-view.ts";
import type { NodeViewLimits } from "./node-view.ts";
import type { CacheEngine, Resolved, ResolveRequest } from "./request.ts";

/** Bounds and times of the cache of one node. */
export interface CacheLimits extends NodeViewLimits {
  readonly loadLeaseMs: number;
  readonly maxEntryBytes: number;
  /** How long a value loaded while the ground was away is used. */
  readonly degradedTtlMs: number;
}

/** What the cache needs from its surroundings. */
export interface CacheParts {
  readonly store: CacheStore;
  readonly changeLog: ChangeLog;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly limits: CacheLimits;
  /** Aborted when the instance closes. */
  readonly signal: AbortSignal;
  /** Whether the ground can be asked, and knows every change made here. */
  readonly usable: () => boolean;
  /** The fence of the current request. */
  readonly fence: () => Position | undefined;
}

/** The cache of one node: the engine for readers, and the side that the corridor feeds. */
export interface CacheRoom extends CacheEngine {
  /** Where this node has applied the log to. */
  applied(): Position | undefined;
  /** The node lost sight of the log and now stands at `position`: nothing it held is used any more. */
  reset(position: Position): void;
  /** Takes the next record. On `"hole"` nothing was taken and the caller resets. */
  apply(record: ChangeRecord): "applied" | "known" | "hole";
  /** The node had been told everything at `askedAtMs`. */
  heard(askedAtMs: number): void;
  /** A change made here stands at `position`: this node's memory is not used before it has applied that. */
  require(position: Position): void;
  /** A change was made here whose position is not known: nothing held or loading here is used any more. */
  forgetAll(): void;
  /** Whether any of the claim's tags moved past its position: by the board, or else by the ground. */
  judge(claim: Claim): Promise<Verdict>;
}

/** How often a reader looks again because what it waited for was not good for it, before it loads by itself. */
const MAX_ROUNDS = 3;

/** Most values kept while the ground is away. */
const MAX_AWAY_ENTRIES = 10_000;

/** Makes the cache of one node. It answers nothing from memory before the first {@link CacheRoom.reset}. */
export function createCacheRoom(parts: CacheParts): CacheRoom {
  const { store, changeLog, clock, tasks, limits, signal, usable } = parts;
  const view = createNodeView(clock, limits);
  const away = createAwayMemory(clock, { ttlMs: limits.degradedTtlMs, maxEntries: MAX_AWAY_ENTRIES });
  const flights = createFlights();
  const fillParts: FillParts = { ...limits, store, view, away, clock, tasks, signal, usable };
  const { board } = view;

  function peek<T>(key: string, fence = parts.fence()): Resolved<T> | undefined {
    if (!usable()) return peekAway(key, fence);
    const entry = view.lookup(key, fence);
    if (!entry) return undefined;
    const nowMs = clock.now();
    return {
      value: entry.value as T,
      source: "near",
      reason: "hit-near",
      position: entry.position,
      tags: entry.tags,
      ttlLeftMs: entry.expiresAtMs - nowMs,
      stored: true,
      ageMs: nowMs - entry.loadedAtMs,
    };
  }

  function peekAway<T>(key: string, fence: Position | undefined): Resolved<T> | undefined {
    const entry = away.get(key);
    if (!entry || (fence && !(entry.position && reaches(entry.position, fence)))) return undefined;
    const { value, tags, position } = entry;
    const ageMs = clock.now() - entry.loadedAtMs;
    const rest = { source: "near", reason: "ground-away", stored: false } as const;
    return { ...rest, value: value as T, position, tags, ttlLeftMs: away.ttlMs - ageMs, ageMs };
  }

  async function readFar<T>({ key, codec }: Omit<ResolveRequest<T>, "load">): Promise<Resolved<T> | Miss> {
    if (!usable()) return { reason: "ground-away", seen: undefined };
    let reply: ReadReply | undefined;
    try {
      [reply] = await store.read([key], board.judge);
    } catch (error) {
      if (isLiveError(error)) return { reason: "ground-away", seen: undefined };
      throw error;
    }
    if (reply?.state === "valid") {
      const found = receive({ view, clock }, codec, { ...reply, reason: "hit-far" });
      return found ?? { reason: "absent", seen: reply.entry.position };
    }
    if (reply?.state === "invalid") return { reason: reply.reason, seen: reply.position };
    return { reason: "absent", seen: undefined };
  }

  /** Waits for a load that is under way. `undefined`: what it brought is not good for a reader who joined now. */
  async function join<T>(flight: Flight<T>, request: ResolveRequest<T>): Promise<Resolved<T> | undefined> {
    const joinedStep = flight.state.step;
    const landing = await flight.landing;
    if (landing.type === "private") return loadAlone(request);
    if (joinedStep <= landing.goodFor) return { ...landing.resolved, reason: "joined" };
    return landing.degraded && !(request.fence ?? parts.fence()) ? landing.resolved : undefined;
  }

  async function loadAlone<T>({ key, load }: ResolveRequest<T>): Promise<Resolved<T>> {
    const position = board.position();
    const loaded = await load({ key, signal });
    const tags = loaded.store ? loaded.tags : [];
    const rest = { source: "load", reason: "not-storable", ttlLeftMs: 0, stored: false, ageMs: 0 } as const;
    return { ...rest, value: loaded.value, position, tags };
  }

  async function resolve<T>(request: ResolveRequest<T>): Promise<Resolved<T>> {
    for (let round = 0; ; round++) {
      if (signal.aborted) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
      const near = peek<T>(request.key, request.fence);
      if (near) return near;
      const far = await readFar(request);
      if ("source" in far) return far;
      const open = round < MAX_ROUNDS ? flights.open(request.key, clock.now()) : undefined;
      if (open) {
        const joined = await join(open as Flight<T>, request);
        if (joined) return joined;
        continue;
      }
      const flight = flights.start<T>(request.key, (state) => fill(fillParts, state, { request, miss: far }));
      return (await flight.landing).resolved;
    }
  }

  function forgetAll(): void {
    view.near.clear();
    away.clear();
    flights.closeAll();
  }

  return {
    peek,
    async find(request) {
      const near = peek<never>(request.key, request.fence);
      if (near) return near;
      const far = await readFar(request);
      return "source" in far ? far : undefined;
    },
    resolve,
    applied: () => board.position(),
    reset(position) {
      board.reset(position);
      view.near.clear();
      away.clear();
    },
    apply(record) {
      away.clear();
      return board.apply(record);
    },
    heard: (askedAtMs) => view.lease.heard(askedAtMs),
    require: (position) => view.lease.require(position),
    forgetAll,
    async judge(claim) {
      const verdict = view.lease.isCurrent(clock.now(), board.position()) ? board.judge(claim) : "unknown";
      if (verdict !== "unknown") return verdict;
      const { verdicts } = await changeLog.judge([claim]);
      return verdicts[0] ?? "changed";
    },
  };
}
