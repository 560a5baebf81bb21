import { LiveError } from "@livecache/wire";
import type {
  ChannelParams,
  ChannelPattern,
  Contract,
  EventInput,
  EventName,
  Position,
} from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import { randomWord } from "../base/ids.ts";
import { createRequestScopes } from "../base/request-scope.ts";
import type { RequestScopes } from "../base/request-scope.ts";
import { createTasks } from "../base/tasks.ts";
import type { Tasks } from "../base/tasks.ts";
import { createCache } from "../cache/cache.ts";
import type { Cache } from "../cache/cache.ts";
import { createCacheRoom } from "../cache/engine.ts";
import type { CacheEngine } from "../cache/request.ts";
import { createChanges } from "../change/change.ts";
import type { ChangeRequest, ChangeResult } from "../change/change.ts";
import { createJournal } from "../change/journal.ts";
import { createEventMaker } from "../live/event.ts";
import type { LiveEvent } from "../live/event.ts";
import { createHub } from "../live/hub.ts";
import type { Hub } from "../live/hub.ts";
import { createQueryTokens } from "../live/query-token.ts";
import type { QueryTokens } from "../live/query-token.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { GroundStatus } from "../ports/ground.ts";
import { resolveOptions } from "./resolve-options.ts";
import type { LiveOptions, ResolvedOptions } from "./resolve-options.ts";
import { wireChanges } from "./wire-changes.ts";

/** What the doors use. Applications have no need of it. */
export interface LiveDoor<I extends Identity = Identity> {
  readonly cache: CacheEngine;
  readonly scopes: RequestScopes;
  readonly tokens: QueryTokens;
  readonly hub: Hub;
  /** Says who a request or socket is. Rejects with `LIVE_IDENTITY_FAILED` when the application's `identify` fails. */
  identify(request: IdentifyRequest): Promise<I | undefined>;
  /** Where this node has applied the log to; `undefined` before it has heard from the ground. */
  applied(): Position | undefined;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** One node of an application. */
export interface Live<C extends Contract = Contract, I extends Identity = Identity> {
  /** Name of this node: random, new with every process. */
  readonly node: string;
  readonly cache: Cache;
  /** Tells every node and every screen that something is no longer true: see {@link ChangeRequest}. */
  change(request: ChangeRequest<LiveEvent>): Promise<ChangeResult>;
  /** Makes an event for `change({ emit })`. Its body is checked against the contract when the change is made. */
  event<P extends ChannelPattern<C>, E extends EventName<C, P>>(
    pattern: P,
    params: ChannelParams<P>,
    ...event: [name: E, data: EventInput<C, P, E>]
  ): LiveEvent;
  /** Whether the ground answers. */
  status(): GroundStatus;
  /** Tells every change of {@link Live.status}; the answer stops it. */
  onStatus(listener: (status: GroundStatus) => void): () => void;
  /** Ends everything of this node, the ground included. Calls in flight reject with `LIVE_CLOSED`. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
  readonly door: LiveDoor<I>;
}

const LEASE_MS = 1_000;
const LOAD_LEASE_MS = 10_000;
const DEGRADED_TTL_MS = 1_000;
const MAX_ENTRY_BYTES = 8 * 1024 * 1024;
const MAX_BOARD_TAGS = 100_000;
const JOURNAL_LIMITS = { maxChanges: 10_000, maxBytes: 8 * 1024 * 1024 };

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

/** Puts the rooms together. */
function assemble(options: ResolvedOptions): Live {
  const { clock, warn } = options;
  const ground = options.ground ?? createMemoryGround({ clock });
  const { cacheStore, changeLog } = ground.realm(options.realm);
  const node = randomWord(12);
  const closing = new AbortController();
  const { signal } = closing;
  const tasks = createTasks((error) => warn("a background task failed", { error }));
  const scopes = createRequestScopes();
  const tokens = createQueryTokens(options.secrets);
  const events = createEventMaker(options.contract);

  const onAppended = (position: Position): void => {
    cache.require(position);
    scopes.noteChange(position);
  };
  const journal = createJournal({
    changeLog,
    clock,
    tasks,
    signal,
    limits: JOURNAL_LIMITS,
    onAppended: (position) => cache.require(position),
    warn,
  });
  const usable = (): boolean => ground.status().state === "here" && journal.isEmpty();
  const cache = createCacheRoom({
    store: cacheStore,
    changeLog,
    clock,
    tasks,
    signal,
    usable,
    fence: () => scopes.current()?.fence,
    limits: {
      nearMaxBytes: options.nearMaxBytes,
      nearMaxAgeMs: options.nearMaxAgeMs,
      maxTags: MAX_BOARD_TAGS,
      leaseMs: LEASE_MS,
      loadLeaseMs: LOAD_LEASE_MS,
      maxEntryBytes: MAX_ENTRY_BYTES,
      degradedTtlMs: DEGRADED_TTL_MS,
    },
  });
  const hub = createHub({
    changeLog,
    tokens,
    contract: options.contract,
    authorize: async (identity, pattern, params) =>
      (await options.authorize[pattern]?.(identity as never, params as never)) === true,
    judge: cache.judge,
    applied: cache.applied,
    clock,
    tasks,
    warn,
  });
  const changes = createChanges<LiveEvent>({
    node,
    changeLog,
    journal,
    clock,
    leaseMs: LEASE_MS,
    prepare: events.prepare,
    applied: cache.applied,
    usable,
    onAppended,
    onPending(change) {
      cache.forgetAll();
      hub.applyLocal(change.tags);
    },
  });
  const tail = wireChanges({ node, changeLog, cache, hub, tasks });

  let closed: Promise<void> | undefined;
  async function close(): Promise<void> {
    closing.abort();
    await hub.close();
    await tail.close();
    await ground.close();
    await tasks.settled();
    scopes.close();
  }

  function refuseClosed(): void {
    if (signal.aborted) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
  }

  return {
    node,
    cache: createCache({ engine: cache, store: cacheStore, move: changes.move }),
    async change(request) {
      refuseClosed();
      return changes.change(request);
    },
    event: (pattern, params, name, data) => events.event(pattern, params, name, data),
    status: () => ground.status(),
    onStatus: (listener) => ground.onStatus(listener),
    close: () => (closed ??= close()),
    [Symbol.asyncDispose]() {
      return this.close();
    },
    door: {
      cache,
      scopes,
      tokens,
      hub,
      identify: createIdentify(options),
      applied: cache.applied,
      clock,
      tasks,
      warn,
    },
  };
}

function createIdentify({ identify }: ResolvedOptions): LiveDoor["identify"] {
  return async (request) => {
    try {
      return (await identify(request)) ?? undefined;
    } catch (cause) {
      throw new LiveError(
        "LIVE_IDENTITY_FAILED",
        `identify failed: ${String(cause)}. Return undefined for nobody.`,
        { cause },
      );
    }
  };
}
