import { LiveError, reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { ChangeLog, ChangeRecord, Claim, Verdict } from "../ports/change-log.ts";
import { createAwayMemory } from "./away.ts";
import { readFar } from "./far.ts";
import { fill } from "./fill.ts";
import type { FillParts } from "./fill.ts";
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
export interface CacheParts extends Pick<FillParts, "store" | "clock" | "tasks" | "signal" | "usable"> {
  readonly changeLog: ChangeLog;
  readonly limits: CacheLimits;
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
  /** A change of these tags was made here, and its position is not known: nothing from before it is used any more. */
  forget(tags: readonly string[]): void;
  /** Whether any of the claim's tags moved past its position: by the board, or else by the ground. */
  judge(claim: Claim): Promise<Verdict>;
}

/** What reading needs: the parts of filling, and the request's fence. */
interface ReadParts extends FillParts {
  readonly fence: () => Position | undefined;
}

/** How often a reader looks again because what it waited for was not good for it, before it loads by itself. */
const MAX_ROUNDS = 3;

/** Most values kept while the ground is away. */
const MAX_AWAY_ENTRIES = 10_000;

/** Makes the cache of one node. It answers nothing from memory before the first {@link CacheRoom.reset}. */
export function createCacheRoom({ limits, changeLog, ...surroundings }: CacheParts): CacheRoom {
  const { clock } = surroundings;
  const view = createNodeView(clock, limits);
  const away = createAwayMemory(clock, { ttlMs: limits.degradedTtlMs, maxEntries: MAX_AWAY_ENTRIES });
  const flights = createFlights();
  const parts: ReadParts = { ...limits, ...surroundings, view, away, flights };
  const { board, lease, near } = view;

  /** A change was heard of: what was loaded without the ground may be from before it. */
  function forgetDegraded(): void {
    away.clear();
    flights.closeDegraded();
  }

  return {
    peek: (key, fence = parts.fence()) => peek(parts, key, fence),
    async find(request) {
      const found = peek<never>(parts, request.key, request.fence ?? parts.fence());
      if (found) return found;
      const far = await readFar(parts, request);
      return "source" in far ? far : undefined;
    },
    resolve: (request) => resolve(parts, { ...request, fence: request.fence ?? parts.fence() }),
    applied: () => board.position(),
    reset(position) {
      board.reset(position);
      near.clear();
      forgetDegraded();
    },
    apply(record) {
      away.drop(record.tags);
      flights.closeDegraded();
      return board.apply(record);
    },
    heard: (askedAtMs) => lease.heard(askedAtMs),
    require(position) {
      forgetDegraded();
      lease.require(position);
    },
    forget(tags) {
      near.clear();
      away.drop(tags);
      flights.closeAll();
    },
    async judge(claim) {
      const verdict = lease.isCurrent(clock.now(), board.position()) ? board.judge(claim) : "unknown";
      if (verdict !== "unknown") return verdict;
      const { verdicts } = await changeLog.judge([claim]);
      return verdicts[0] ?? "changed";
    },
  };
}

/** Answers from this node's memory, if it may. */
function peek<T>(parts: ReadParts, key: string, fence: Position | undefined): Resolved<T> | undefined {
  if (!parts.usable()) return peekAway(parts, key, fence);
  const entry = parts.view.lookup(key, fence);
  if (!entry) return undefined;
  const nowMs = parts.clock.now();
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

function peekAway<T>(
  { away, clock }: ReadParts,
  key: string,
  fence: Position | undefined,
): Resolved<T> | undefined {
  const entry = away.get(key);
  if (!entry || (fence && !(entry.position && reaches(entry.position, fence)))) return undefined;
  const { value, tags, position } = entry;
  const ageMs = clock.now() - entry.loadedAtMs;
  const rest = { source: "near", reason: "ground-away", stored: false } as const;
  return { ...rest, value: value as T, position, tags, ttlLeftMs: away.ttlMs - ageMs, ageMs };
}

/** Memory, then the ground, then a load that is under way, then a load of its own. `request.fence` is final here. */
async function resolve<T>(parts: ReadParts, request: ResolveRequest<T>): Promise<Resolved<T>> {
  const { flights, clock, signal } = parts;
  for (let round = 0; ; round++) {
    if (signal.aborted) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
    const near = peek<T>(parts, request.key, request.fence);
    if (near) return near;
    const far = await readFar(parts, request);
    if ("source" in far) return far;
    const open = round < MAX_ROUNDS ? flights.open(request.key, clock.now()) : undefined;
    if (open) {
      const joined = await join(parts, open as Flight<T>, request);
      if (joined) return joined;
      continue;
    }
    const flight = flights.start<T>(request.key, (state) => fill(parts, state, { request, miss: far }));
    return (await flight.landing).resolved;
  }
}

/** Waits for a load that is under way. `undefined`: what it brought is not good for a reader who joined now. */
async function join<T>(
  parts: ReadParts,
  flight: Flight<T>,
  request: ResolveRequest<T>,
): Promise<Resolved<T> | undefined> {
  const joinedStep = flight.state.step;
  const landing = await flight.landing;
  if (landing.type === "private") return loadAlone(parts, request);
  if (joinedStep <= landing.goodFor) return { ...landing.resolved, reason: "joined" };
  return landing.degraded && !request.fence ? landing.resolved : undefined;
}

async function loadAlone<T>(
  { view, signal }: ReadParts,
  { key, load }: ResolveRequest<T>,
): Promise<Resolved<T>> {
  const position = view.board.position();
  const loaded = await load({ key, signal });
  const tags = loaded.store ? loaded.tags : [];
  const rest = { source: "load", reason: "not-storable", ttlLeftMs: 0, stored: false, ageMs: 0 } as const;
  return { ...rest, value: loaded.value, position, tags };
}
