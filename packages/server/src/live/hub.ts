import { formatCursor, formatPosition } from "@livecache/wire";
import type { Contract, EventMeta, Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Identity } from "../base/identity.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeLog, ChangeRecord, ChannelEvent, Claim, Verdict } from "../ports/change-log.ts";
import { createChannels } from "./channels.ts";
import { createConnection } from "./connection.ts";
import type { Connection, Outlet } from "./connection.ts";
import { createPatternFinder } from "./contract-pattern.ts";
import { createHeldRoom } from "./held-events.ts";
import type { AuthorizeJoin } from "./joining.ts";
import { resolveHubLimits } from "./limits.ts";
import type { HubLimits } from "./limits.ts";
import type { QueryTokens } from "./query-token.ts";
import { createRecovery } from "./recovery.ts";
import { createWatchIndex } from "./watch-index.ts";

/** What a door does for all its sockets at once. */
export interface Broadcaster {
  /** Sends an event to every socket that has entered the channel `meta.channel`. `data` is the body, read back from JSON. */
  event(name: string, data: unknown, meta: EventMeta): void;
}

/** What the hub needs from its surroundings. */
export interface HubParts {
  readonly changeLog: ChangeLog;
  readonly tokens: QueryTokens;
  readonly contract: Contract;
  readonly authorize: AuthorizeJoin;
  /** Whether a claim still holds: by what this node knows, or else by the ground. Rejects as the ground does. */
  readonly judge: (claim: Claim) => Promise<Verdict>;
  /** Where this node has applied the log to. */
  readonly applied: () => Position | undefined;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly limits?: Partial<HubLimits>;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** What the hub holds now, and what it refused since it was made. */
export interface HubFigures {
  readonly connections: number;
  readonly watches: number;
  readonly channels: number;
  readonly heldEvents: number;
  /** Refused with `LIVE_LIMIT_REACHED`. */
  readonly watchesRefused: number;
  readonly joinsRefused: number;
  /** Events given up because too many were held back; the channels were told to reload. */
  readonly eventsDropped: number;
}

/**
 * Live queries and channels of one node, for doors to connect sockets to. It is fed by the corridor, always after the cache:
 * whoever is told of something can no longer read what was there before.
 */
export interface Hub {
  /** Begins a conversation with one socket. */
  connect(identity: Identity | undefined, outlet: Outlet): Connection;
  /** Adds a door; the answer removes it. */
  addBroadcaster(broadcaster: Broadcaster): () => void;
  /** Takes the next record, after the cache has: watches go stale, and events that waited for it go out. Never throws. */
  apply(record: ChangeRecord): void;
  /** A change made here waits for the ground: this node's watches on `tags` go stale. Never throws. */
  applyLocal(tags: readonly string[]): void;
  /** The node lost sight of the log and stands at `position` now: everything is judged again, in the background. Never throws. */
  reset(position: Position): void;
  figures(): HubFigures;
  /** Ends all conversations and subscriptions. Idempotent. */
  close(): Promise<void>;
}

/**
 * Makes the hub of one node. It does nothing before somebody connects.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for limits that are not whole numbers
 */
export function createHub(parts: HubParts): Hub {
  const { changeLog, clock, tasks, warn, applied } = parts;
  const limits = resolveHubLimits(parts.limits);
  const findPattern = createPatternFinder(parts.contract);
  const closing = new AbortController();
  const broadcasters = new Set<Broadcaster>();
  const connections = new Set<Connection>();
  const refused = { watch: 0, join: 0 };
  const room = createHeldRoom(limits.maxHeldEvents, () =>
    warn("too many events wait for their change to be applied; their channels are told to reload"),
  );
  const watches = createWatchIndex();
  const deliver = createDelivery(broadcasters, warn);
  const channels = createChannels({ changeLog, applied, clock, tasks, room, deliver });
  const { signal } = closing;
  const recover = createRecovery({ changeLog, watches, channels, clock, tasks, signal, warn });

  return {
    connect(identity, outlet) {
      const connection = createConnection({
        ...parts,
        ...limits,
        identity,
        outlet,
        watches,
        channels,
        findPattern,
        onLimit: (what) => refused[what]++,
        onClose: () => connections.delete(connection),
      });
      connections.add(connection);
      if (signal.aborted) connection.close();
      return connection;
    },
    addBroadcaster(broadcaster) {
      broadcasters.add(broadcaster);
      return () => broadcasters.delete(broadcaster);
    },
    apply(record) {
      watches.apply(record);
      channels.apply(record);
    },
    applyLocal(tags) {
      watches.applyTags(tags, ({ claim }) => ({ position: applied() ?? claim.position }));
    },
    reset() {
      channels.drain();
      recover();
    },
    figures() {
      const held = room.count();
      return {
        connections: connections.size,
        watches: watches.size(),
        channels: channels.size(),
        heldEvents: held.now,
        watchesRefused: refused.watch,
        joinsRefused: refused.join,
        eventsDropped: held.refused,
      };
    },
    async close() {
      closing.abort();
      for (const connection of connections) connection.close();
      await channels.close();
    },
  };
}

/** Hands events to all doors, read back from JSON once for all of them. */
function createDelivery(
  broadcasters: ReadonlySet<Broadcaster>,
  warn: HubParts["warn"],
): (event: ChannelEvent) => void {
  return ({ channel, name, body, cursor, position, changeId }) => {
    const place = { cursor: formatCursor(cursor), position: formatPosition(position) };
    const meta: EventMeta = { channel, ...place, changeId };
    try {
      const data: unknown = JSON.parse(body);
      for (const broadcaster of broadcasters) broadcaster.event(name, data, meta);
    } catch (error) {
      warn("an event could not be delivered", { channel, event: name, changeId, error });
    }
  };
}
