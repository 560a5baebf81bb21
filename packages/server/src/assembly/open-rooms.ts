import { setMaxListeners } from "node:events";
import { NOTIFICATIONS_CHANNEL } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import { createRequestScopes } from "../base/request-scope.ts";
import type { RequestScopes } from "../base/request-scope.ts";
import { createSignals } from "../base/signals.ts";
import type { Signals } from "../base/signals.ts";
import { createTasks } from "../base/tasks.ts";
import { createTracing } from "../base/tracing.ts";
import type { Tracing } from "../base/tracing.ts";
import type { Tasks } from "../base/tasks.ts";
import { createCacheRoom } from "../cache/engine.ts";
import type { CacheRoom } from "../cache/engine.ts";
import { createMoveHistory } from "../cache/history.ts";
import type { MoveHistory } from "../cache/history.ts";
import { createLedger } from "../cache/ledger.ts";
import type { Ledger } from "../cache/ledger.ts";
import { createChangesIn } from "../change/change-in.ts";
import type { ChangesIn } from "../change/change-in.ts";
import { createChanges } from "../change/change.ts";
import type { Changes } from "../change/change.ts";
import { createJournal } from "../change/journal.ts";
import type { Journal } from "../change/journal.ts";
import { createSources } from "../change/sources.ts";
import { createSteadiness } from "../change/steadiness.ts";
import type { Sources } from "../change/sources.ts";
import { createEventMaker } from "../live/event.ts";
import type { EventMaker, LiveEvent } from "../live/event.ts";
import { createHub } from "../live/hub.ts";
import type { Hub } from "../live/hub.ts";
import { createStandings } from "../live/standings.ts";
import type { Standings } from "../live/standings.ts";
import { createLimits } from "../limits/limits.ts";
import type { Limits } from "../limits/limits.ts";
import { createQueryTokens } from "../live/query-token.ts";
import type { QueryTokens } from "../live/query-token.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { Ground, Realm } from "../ports/ground.ts";
import { createRegions } from "../regions/regions.ts";
import type { RegionRoom } from "../regions/regions.ts";
import { isOwnChannel, withOwnChannel } from "../notifications/own-channel.ts";
import type { Narrator } from "../cache/narration.ts";
import type { Trails } from "../trace/trails.ts";
import { openTrails } from "./open-trails.ts";
import { openPeople } from "./open-people.ts";
import type { PeopleRooms } from "./open-people.ts";
import { openPresence } from "./open-presence.ts";
import type { PresenceRooms } from "./open-presence.ts";
import { createIdentify, isRevoked } from "./identify.ts";
import type { IdentifyNow } from "./identify.ts";
import type { Known, ResolvedOptions } from "./resolve-options.ts";
import type { Sessions } from "../sessions/session-api.ts";
import type { Tokens } from "../tokens/token-api.ts";
import { openSessions } from "./open-sessions.ts";
import { openTokens } from "./open-tokens.ts";
import { tellLimits } from "./tell-limits.ts";
import { tellSessions } from "./tell-sessions.ts";
import { wireChanges } from "./wire-changes.ts";

/** How long a node may answer from its own memory without hearing from the ground. */
const LEASE_MS = 1_000;

const CACHE_LIMITS = {
  leaseMs: LEASE_MS,
  maxTags: 100_000,
  loadLeaseMs: 900,
  maxLoadHeldMs: 10_000,
  maxEntryBytes: 8 * 1024 * 1024,
  degradedTtlMs: 1_000,
};

const JOURNAL_LIMITS = { maxChanges: 10_000, maxBytes: 8 * 1024 * 1024 };

/** What `why` can tell: patterns that are counted, keys that are remembered, and events of each. */
const LEDGER_LIMITS = { maxPatterns: 1_000, maxKeys: 10_000, maxEventsPerKey: 8 };

/** How many tags are remembered with the change that moved them last. */
const REMEMBERED_MOVES = 10_000;

/** What every room of one node shares. */
interface Surroundings {
  readonly options: ResolvedOptions;
  readonly node: string;
  readonly ground: Ground;
  readonly stores: Realm;
  readonly scopes: RequestScopes;
  readonly tokens: QueryTokens;
  readonly identifyNow: IdentifyNow;
  /** What `identify` is given besides the request. */
  readonly known: { -readonly [Part in keyof Known]: Known[Part] };
  readonly events: EventMaker;
  readonly ledger: Ledger;
  readonly moves: MoveHistory;
  readonly signals: Signals;
  readonly tracing: Tracing;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly warn: ResolvedOptions["warn"];
  /** Aborted when the node closes. */
  readonly signal: AbortSignal;
}

/** The rooms of one node, put together and following the log. */
export interface Rooms extends Surroundings, Pick<PresenceRooms, "presence" | "sessions"> {
  readonly cache: CacheRoom;
  readonly hub: Hub;
  readonly standings: Standings;
  /** Absent when the contract has no regions. */
  readonly regionRoom: RegionRoom | undefined;
  readonly people: PeopleRooms;
  readonly changes: Changes<LiveEvent>;
  /** Changes in transactions of the application. */
  readonly changesIn: ChangesIn<LiveEvent>;
  readonly sources: Sources;
  readonly limits: Limits;
  readonly revocations: Tokens;
  /** What cookies stand for; `sessions` are those of sockets. */
  readonly logins: Sessions;
  readonly trails: Trails;
  /** Whether changes made here wait for the ground. */
  hasPending(): boolean;
  close(): Promise<void>;
}

/** Puts the rooms of one node together. This is the one place that knows all of them. */
export function openRooms(options: ResolvedOptions): Rooms {
  const closing = new AbortController();
  // As many loads as there are may wait on it at a time.
  setMaxListeners(0, closing.signal);
  const around = surround(options, closing.signal);
  const { ground, stores, scopes, identifyNow, known, clock, tasks, warn, signal } = around;
  const journal = createJournal({
    ...{ changeLog: stores.changeLog, clock, tasks, signal, warn },
    limits: JOURNAL_LIMITS,
    applied: () => cache.applied(),
    onAppended: (position) => cache.require(position),
  });
  const usable = (): boolean => ground.status().state === "here" && journal.isEmpty();
  const { trails, narrator } = openTrails(around);
  const cache = openCache(around, narrator, usable);
  const { presence, sessions, ...presenceRooms } = openPresence(around, () => hub);
  const { contract } = options;
  const people = openPeople({ ...around, contract, hub: () => hub, changes: () => changes });
  const hub: Hub = openHub(around, cache, [presence, people]);
  const standings = createStandings({
    identify: async (request) => identifyNow(request),
    isRevoked: (identity) => isRevoked(known.tokens, identity),
    hasSession: async (sessionId) => (await known.sessions.read(sessionId)) !== undefined,
    ...{ clock, tasks, signal, warn },
  });
  const regionRoom = openRegions(around, sessions);
  const changes: Changes<LiveEvent> = openChanges(around, { cache, hub, standings, people, journal, usable });
  const { node, signals, tracing } = around;
  const { changeLog } = stores;
  const sources = createSources({ node, changeLog, clock, warn });
  const noteAppended = (position: Position): void => {
    cache.require(position);
    scopes.noteChange(position);
  };
  const changesIn = createChangesIn({ changes, tracing, clock, signal, onAppended: noteAppended });
  /** What was revoked or ended here while the ground is away. */
  function forget(tags: readonly string[]): void {
    cache.forget(tags);
    standings.apply({ tags });
  }
  const revocations = openTokens(around, { onAppended: noteAppended, onPending: forget });
  ground.onStatus((status) => signals.tell("ground", status));
  const sessionRoom = openSessions(around, { onAppended: noteAppended, onPending: forget });
  const logins = tellSessions(sessionRoom.sessions, signals);
  Object.assign(known, { tokens: revocations.tokens, sessions: logins });
  revocations.tokens.onRevoked(standings.revoked);
  const tail = wireChanges({
    ...{ node, changeLog, signals, tasks, changesIn },
    ...{ cache, revocations, copies: sessionRoom, standings, presence, hub, regions: regionRoom },
  });

  async function close(): Promise<void> {
    closing.abort();
    await sources.close();
    await changes.settled();
    await hub.close();
    people.close();
    await presenceRooms.close();
    await regionRoom?.close();
    await tail.close();
    await ground.close();
    await tasks.settled();
    scopes.close();
  }
  let closed: Promise<void> | undefined;
  return {
    ...around,
    ...{ cache, hub, presence, sessions, standings, regionRoom, people, changes, changesIn, sources, trails },
    limits: tellLimits(openLimits(around), signals),
    revocations: revocations.tokens,
    logins,
    hasPending: () => !journal.isEmpty(),
    close: () => (closed ??= close()),
  };
}

function surround(options: ResolvedOptions, signal: AbortSignal): Surroundings {
  const { clock, warn } = options;
  const ground = options.ground ?? createMemoryGround({ clock });
  const node = randomWord(12);
  // Filled as the rooms are made; nobody is identified before that.
  const known = {} as Surroundings["known"];
  return {
    options,
    node,
    ground,
    stores: ground.realm(options.realm),
    scopes: createRequestScopes(),
    tokens: createQueryTokens(options.secrets),
    known,
    identifyNow: createIdentify({
      identify: options.identify,
      known,
      isRevoked: (identity) => isRevoked(known.tokens, identity),
    }),
    events: createEventMaker(options.contract),
    ledger: createLedger({ clock, limits: LEDGER_LIMITS }),
    moves: createMoveHistory(REMEMBERED_MOVES),
    signals: createSignals(node),
    tracing: createTracing(),
    clock,
    tasks: createTasks((error) => warn("a background task failed", { error })),
    warn,
    signal,
  };
}

function openCache(
  { options, stores, scopes, moves, tracing, clock, tasks, signal }: Surroundings,
  narrator: Narrator,
  usable: () => boolean,
): CacheRoom {
  const { nearMaxBytes, nearMaxAgeMs } = options;
  return createCacheRoom({
    store: stores.cacheStore,
    changeLog: stores.changeLog,
    clock,
    tasks,
    signal,
    usable,
    narrator,
    moves,
    tracing,
    fence: () => scopes.current()?.fence,
    limits: { ...CACHE_LIMITS, nearMaxBytes, nearMaxAgeMs },
  });
}

function openHub(
  { options, stores, tokens, signals, clock, tasks, warn }: Surroundings,
  cache: CacheRoom,
  listeners: readonly Pick<PeopleRooms, "entered" | "left">[],
): Hub {
  const { authorize } = options;
  const contract = withOwnChannel(options.contract);
  const mayJoin =
    contract === options.contract ? authorize : { ...authorize, [NOTIFICATIONS_CHANNEL]: isOwnChannel };
  return createHub({
    changeLog: stores.changeLog,
    lane: stores.lane,
    tokens,
    contract,
    authorize: async (identity, pattern, params) =>
      (await mayJoin[pattern]?.(identity as never, params as never)) === true,
    judge: cache.judge,
    applied: cache.applied,
    require: cache.require,
    signals,
    onEntered: (peer, channel) => listeners.forEach((listener) => listener.entered(peer, channel)),
    onLeft: (peer, channel) => listeners.forEach((listener) => listener.left(peer, channel)),
    clock,
    tasks,
    warn,
  });
}

function openRegions(
  { options, node, stores, clock, tasks, warn }: Surroundings,
  sessions: PresenceRooms["sessions"],
): RegionRoom | undefined {
  const { contract, authorize } = options;
  const { regions } = contract;
  if (!regions) return undefined;
  const [parameter = ""] = regions.channel.split("/").filter((segment) => segment.startsWith(":"));
  return createRegions({
    store: stores.regionStore,
    contract: regions,
    node,
    authorize: async (identity, cell) =>
      (await authorize[regions.channel]?.(identity as never, { [parameter.slice(1)]: cell } as never)) ===
      true,
    onSeen(sightings) {
      for (const { socketId, location, cell = null } of sightings) {
        sessions.located({ id: socketId }, { regionId: cell, location });
      }
    },
    clock,
    tasks,
    warn,
  });
}

function openChanges(
  { node, ground, stores, scopes, signals, tracing, clock, tasks, signal }: Surroundings,
  rooms: Pick<Rooms, "cache" | "hub" | "standings" | "people"> & { journal: Journal; usable: () => boolean },
): Changes<LiveEvent> {
  const { cache, hub, standings, people, journal, usable } = rooms;
  const steadiness = createSteadiness(clock);
  ground.onStatus(({ state }) => state === "here" && steadiness.returned());
  return createChanges<LiveEvent>({
    node,
    steadiness,
    changeLog: stores.changeLog,
    journal,
    signals,
    tracing,
    clock,
    tasks,
    signal,
    leaseMs: LEASE_MS,
    prepare: people.prepare,
    applied: cache.applied,
    usable,
    onAppended(position: Position) {
      cache.require(position);
      scopes.noteChange(position);
    },
    onPending(change) {
      cache.forget(change.tags);
      hub.applyLocal(change);
      standings.apply(change);
    },
  });
}

function openLimits({ stores, ground, clock, tasks, signal }: Surroundings): Limits {
  return createLimits({
    store: stores.limitStore,
    changeLog: stores.changeLog,
    isHere: () => ground.status().state === "here",
    clock,
    tasks,
    signal,
  });
}
