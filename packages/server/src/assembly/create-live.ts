import { LiveError } from "@livecache/wire";
import type {
  ChannelParams,
  ChannelPattern,
  Contract,
  EventInput,
  EventName,
  NodeReport,
  Position,
} from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import type { RequestScopes } from "../base/request-scope.ts";
import type { Signals } from "../base/signals.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Tracing } from "../base/tracing.ts";
import type { CacheEngine } from "../cache/request.ts";
import type { WhyAnswer } from "../cache/why-answer.ts";
import { createWhy } from "../cache/why.ts";
import type { ChangeInRequest, ChangeInResult, ChangesIn } from "../change/change-in.ts";
import type { ChangeRequest, ChangeResult, Changes } from "../change/change.ts";
import type { Sources } from "../change/sources.ts";
import type { LiveEvent } from "../live/event.ts";
import type { JudgeIdentity } from "../live/guarding.ts";
import type { Hub } from "../live/hub.ts";
import type { Limits } from "../limits/limits.ts";
import type { QueryTokens } from "../live/query-token.ts";
import type { GroundAdvice, GroundStatus } from "../ports/ground.ts";
import { refuseRegions } from "../regions/region-api.ts";
import type { Regions } from "../regions/region-api.ts";
import type { Admission } from "../live/guest.ts";
import type { Sessions } from "../sessions/session-api.ts";
import type { Tokens } from "../tokens/token-api.ts";
import { createConverse } from "./converse.ts";
import type { Converse } from "./converse.ts";
import type { PeopleApi } from "./live-messages.ts";
import { createLivePresence, createLiveSockets } from "./live-presence.ts";
import type { LivePresence, LiveSockets } from "./live-presence.ts";
import { openAdmin, openReport } from "./open-admin.ts";
import type { LiveAdmin } from "./open-admin.ts";
import { openLiveCache } from "./live-cache.ts";
import type { LiveCache } from "./live-cache.ts";
import { openRooms } from "./open-rooms.ts";
import { createPublisher } from "./publish.ts";
import type { Publisher } from "./publish.ts";
import { tellAdvice } from "./tell-advice.ts";
import { resolveOptions } from "./resolve-options.ts";
import type { LiveOptions, ResolvedOptions } from "./resolve-options.ts";

/** What the doors use. Applications have no need of it. */
export interface LiveDoor<I extends Identity = Identity> {
  readonly cache: CacheEngine;
  readonly scopes: RequestScopes;
  readonly tokens: QueryTokens;
  readonly hub: Hub;
  readonly limits: Limits;
  /** Revoked tokens; `tokens` are those of live queries. */
  readonly revocations: Tokens;
  /** Asks the application who a socket is, before it is connected. Rejects with `LIVE_IDENTITY_FAILED`, at the latest after 10 s, and with what `judge` has against it. */
  admit(request: IdentifyRequest, judge?: JudgeIdentity): Promise<Admission>;
  /** Begins to talk with a socket that has been admitted. */
  readonly converse: Converse;
  /** Says who a request or socket is. Rejects with `LIVE_IDENTITY_FAILED` when the application's `identify` fails. */
  identify(request: IdentifyRequest): Promise<I | undefined>;
  /** The same at once, where the application's `identify` answers at once; otherwise a promise. Throws what the other rejects with. */
  identifyNow(request: IdentifyRequest): I | undefined | Promise<I | undefined>;
  /** Where this node has applied the log to; `undefined` before it has heard from the ground. */
  applied(): Position | undefined;
  /** Changes that are committed elsewhere: what takes them over, what writes them, and how a request is checked for that. */
  readonly durable: Pick<Sources, "open"> &
    Pick<ChangesIn<LiveEvent>, "use"> &
    Pick<Changes<LiveEvent>, "prepare">;
  readonly clock: Clock;
  /** The ground's date, in milliseconds since 1970. */
  date(): number;
  readonly signals: Signals;
  /** What follows loads and changes in a tracing system. */
  readonly tracing: Tracing;
  /** What this node says of itself. */
  report(): NodeReport;
  readonly tasks: Tasks;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Whether the ground answers, and what should be otherwise with it: see {@link GroundAdvice}. */
export type LiveStatus = GroundStatus & { readonly advice: readonly GroundAdvice[] };

/** One node of an application. */
export interface Live<C extends Contract = Contract, I extends Identity = Identity>
  extends Publisher<C>, PeopleApi<C, I> {
  /** Name of this node: random, new with every process. */
  readonly node: string;
  readonly cache: LiveCache<C>;
  /** What operators ask, over all nodes. */
  readonly admin: LiveAdmin;
  /** Says what stands under a key, here and in the ground, and why it was last answered as it was. Works while the ground is away. */
  why(key: string): Promise<WhyAnswer>;
  /** Tells every node and every screen that something is no longer true: see {@link ChangeRequest}. */
  change(request: ChangeRequest<LiveEvent>): Promise<ChangeResult>;
  /**
   * Writes a change into a transaction of the application, so that both are committed or neither is: see `openOutbox` of
   * `livecache/postgres`. It reaches nodes and screens after the commit, also when this process or the ground is gone by then; nothing
   * happens here before that. `transaction` is whatever the outbox understands.
   *
   * Rejects as `change` does, with `LIVE_OUTBOX_MISSING` when no outbox is open, and with whatever the transaction rejects with; then
   * nothing has been written.
   */
  changeIn(transaction: unknown, request: ChangeInRequest<LiveEvent>): Promise<ChangeInResult>;
  /** Makes an event for `change({ emit })`. Its body is checked against the contract when the change is made. */
  event<P extends ChannelPattern<C>, E extends EventName<C, P>>(
    pattern: P,
    params: ChannelParams<P>,
    ...event: [name: E, data: EventInput<C, P, E>]
  ): LiveEvent;
  /** Who is where on the map, if the contract has regions. */
  readonly regions: Regions;
  /** Who is in which channel, over all nodes. */
  readonly presence: LivePresence<C>;
  /** The sockets of all nodes, as records. */
  readonly sockets: LiveSockets;
  /** How often something may be done, over all nodes. */
  readonly limits: Limits;
  /** Tokens that are not accepted any more before they expire. */
  readonly tokens: Tokens;
  /** What cookies of users who signed in stand for. */
  readonly sessions: Sessions;
  /** Whether the ground answers, and what should be otherwise with it. */
  status(): LiveStatus;
  /** Tells every change of {@link Live.status}; the answer stops it. */
  onStatus(listener: (status: GroundStatus) => void): () => void;
  /** Ends everything of this node, the ground included. Calls in flight reject with `LIVE_CLOSED`. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
  readonly door: LiveDoor<I>;
}

/**
 * Makes one node: a cache, changes, live queries and channels over one ground. It waits for nothing; from the next turn on it
 * follows the change log in the background until `close()`.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` saying which option, what was received and what was expected
 */
export function createLive<
  const C extends Contract = { readonly channels: {} },
  I extends Identity = Identity,
>(options: LiveOptions<C, I> = {}): Live<C, I> {
  return assemble(resolveOptions(options)) as unknown as Live<C, I>;
}

function assemble(options: ResolvedOptions): Live {
  const rooms = openRooms(options);
  const { ground, cache, hub, changes, events, scopes, tokens, clock, tasks, warn } = rooms;
  tellAdvice(rooms);
  async function change(request: ChangeRequest<LiveEvent>): Promise<ChangeResult> {
    if (rooms.signal.aborted) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
    return changes.change(request);
  }
  const publisher = createPublisher({ contract: options.contract, events, hub, change });
  const report = openReport(rooms);
  const why = createWhy({
    store: rooms.stores.cacheStore,
    view: cache.view,
    ledger: rooms.ledger,
    causeOf: rooms.moves.causeOf,
    clock,
  });
  return {
    node: rooms.node,
    cache: openLiveCache(rooms, publisher),
    admin: openAdmin(rooms, { trails: rooms.trails, why, report }),
    why,
    change,
    changeIn: rooms.changesIn.changeIn,
    ...publisher,
    ...rooms.people.api,
    event: (pattern, params, name, data) => events.event(pattern, params, name, data),
    regions: rooms.regionRoom?.regions ?? refuseRegions(),
    presence: createLivePresence(options.contract, rooms.presence),
    sockets: createLiveSockets(rooms.stores.socketStore),
    limits: rooms.limits,
    tokens: rooms.revocations,
    sessions: rooms.logins,
    status: () => ({ ...ground.status(), advice: ground.advice() }),
    onStatus: (listener) => ground.onStatus(listener),
    close: rooms.close,
    [Symbol.asyncDispose]: rooms.close,
    door: {
      cache,
      hub,
      limits: rooms.limits,
      revocations: rooms.revocations,
      scopes,
      tokens,
      clock,
      tasks,
      warn,
      durable: { open: rooms.sources.open, use: rooms.changesIn.use, prepare: changes.prepare },
      applied: cache.applied,
      date: () => ground.date(),
      signals: rooms.signals,
      tracing: rooms.tracing,
      report,
      admit: rooms.standings.admit,
      converse: createConverse(rooms),
      identifyNow: rooms.identifyNow,
      identify: async (request) => rooms.identifyNow(request),
    },
  };
}
