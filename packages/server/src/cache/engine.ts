import type { Position } from "@livecache/wire";
import type { Tracing } from "../base/tracing.ts";
import type { ChangeLog, ChangeRecord, Claim, Verdict } from "../ports/change-log.ts";
import { createAwayMemory } from "./away.ts";
import type { FillParts } from "./fill-order.ts";
import { createFlights } from "./flight.ts";
import { answerOf, hitReason, look } from "./look.ts";
import type { Look, ReadParts } from "./look.ts";
import type { MoveHistory } from "./history.ts";
import { countLatency } from "./narration.ts";
import { createNodeView } from "./node-view.ts";
import type { NodeView, NodeViewLimits } from "./node-view.ts";
import { patternOf } from "./pattern.ts";
import { createPauses } from "./pauses.ts";
import { PLAIN_FRESHNESS } from "./request.ts";
import type { CacheEngine, FindRequest, Load, NearHit, Resolved } from "./request.ts";
import { resolve } from "./resolve.ts";

/** Bounds and times of the cache of one node. */
export interface CacheLimits extends NodeViewLimits {
  readonly loadLeaseMs: number;
  readonly maxLoadHeldMs: number;
  readonly maxEntryBytes: number;
  /** How long a value loaded while the ground was away is used. */
  readonly degradedTtlMs: number;
}

/** What the cache needs from its surroundings. */
export interface CacheParts extends Pick<
  FillParts,
  "store" | "clock" | "tasks" | "signal" | "usable" | "narrator"
> {
  readonly changeLog: ChangeLog;
  readonly moves: MoveHistory;
  readonly tracing: Pick<Tracing, "tracer">;
  readonly limits: CacheLimits;
  /** The fence of the current request. */
  readonly fence: () => Position | undefined;
}

/** The cache of one node: the engine for readers, and the side that the corridor feeds. */
export interface CacheRoom extends CacheEngine {
  /** This node's memory, for those who explain it. */
  readonly view: Pick<NodeView, "consult" | "near">;
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

/** Most values kept while the ground is away, and most keys that rest. */
const MAX_AWAY_ENTRIES = 10_000;
const MAX_RESTING_KEYS = 10_000;

/** One look into memory in 256 is timed: the clock costs as much as the look. */
const TIMED_PEEKS = 0xff;

/** Makes the cache of one node. It answers nothing from memory before the first {@link CacheRoom.reset}. */
export function createCacheRoom({
  limits,
  changeLog,
  moves,
  tracing,
  ...surroundings
}: CacheParts): CacheRoom {
  const { clock, usable } = surroundings;
  const { causeOf } = moves;
  const view = createNodeView({ ...surroundings, causeOf }, limits);
  const away = createAwayMemory(clock, { ttlMs: limits.degradedTtlMs, maxEntries: MAX_AWAY_ENTRIES });
  const flights = createFlights();
  const loners = createPauses(clock, MAX_RESTING_KEYS);
  const restedRefreshes = createPauses(clock, MAX_RESTING_KEYS);
  const rooms = { view, away, flights, loners, restedRefreshes, causeOf };
  const parts: ReadParts = { ...limits, ...surroundings, ...rooms };
  const { board, lease, near } = view;

  /** A change was heard of: what was loaded without the ground may be from before it. */
  function forgetDegraded(): void {
    away.clear();
    flights.closeDegraded();
  }
  let peeks = 0;

  return {
    view,
    peek<T>(key: string, fence: Position | undefined, refreshAt = 1): NearHit<T> | undefined {
      if (!usable()) return undefined;
      const isTimed = (++peeks & TIMED_PEEKS) === 0;
      const askedAtMs = isTimed ? clock.now() : 0;
      const entry = view.lookup(key, fence, refreshAt);
      if (entry === undefined) return undefined;
      entry.counters.answers["hit-near"]++;
      if (isTimed) countLatency(entry.counters.latency, "near", clock.now() - askedAtMs);
      return entry as NearHit<T>;
    },
    find: (request) => find(parts, request),
    resolve: ({ key, codec, load, freshness, version, fence = parts.fence() }) =>
      resolve(parts, {
        key,
        codec,
        load: tracedLoad(tracing, key, load),
        fence,
        freshness: freshness ?? PLAIN_FRESHNESS,
        version: version ?? 0,
      }),
    applied: () => board.position(),
    reset(position) {
      board.reset(position);
      near.clear();
      forgetDegraded();
    },
    apply(record) {
      away.drop(record.tags);
      flights.closeDegraded();
      const outcome = board.apply(record);
      if (outcome === "applied") moves.note(record);
      return outcome;
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

async function find<T>(parts: ReadParts, request: FindRequest<T>): Promise<Resolved<T> | undefined> {
  const { clock, narrator } = parts;
  const askedAtMs = clock.now();
  const seen = await look(parts, { ...request, fence: request.fence ?? parts.fence() });
  const resolved = resolvedOf(seen);
  const reason = seen.type === "load" ? seen.miss.reason : resolved!.reason;
  narrator.tell({ type: "answered", key: request.key, reason, ms: clock.now() - askedAtMs });
  return resolved;
}

/** What was found, for a reader that does not load. */
function resolvedOf<T>(seen: Look<T>): Resolved<T> | undefined {
  if (seen.type === "away") return seen.resolved;
  return seen.type === "answer" ? answerOf(seen.found, hitReason(seen.found, seen.use)) : undefined;
}

/** The same load, followed by whatever follows the work of this node. */
function tracedLoad<T>({ tracer }: CacheParts["tracing"], key: string, load: Load<T>): Load<T> {
  if (!tracer) return load;
  return (context) =>
    tracer.load({ pattern: patternOf(key), isBackground: context.isBackground }, () => load(context));
}
