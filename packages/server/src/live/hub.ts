import { setMaxListeners } from "node:events";
import type { Contract, LiveReport, Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Broadcast, Peer } from "../base/conversation.ts";
import type { Signals } from "../base/signals.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeInput, ChangeLog, ChangeRecord, Claim, Verdict } from "../ports/change-log.ts";
import type { EphemeralLane } from "../ports/ephemeral-lane.ts";
import { Connection } from "./connection.ts";
import type { ConnectionParts } from "./connection.ts";
import { createPatternFinder } from "./contract-pattern.ts";
import type { Following } from "./followers.ts";
import { createHeldRoom } from "./held-events.ts";
import type { AuthorizeJoin, MembershipListener } from "./joining.ts";
import { createHubView } from "./hub-view.ts";
import type { HubView } from "./hub-view.ts";
import { resolveHubLimits } from "./limits.ts";
import type { HubLimits } from "./limits.ts";
import { eventBroadcast, openChannels } from "./open-channels.ts";
import { openWatches } from "./open-watches.ts";
import type { PushSources } from "./push-sources.ts";
import type { QueryTokens } from "./query-token.ts";
import { createRecovery } from "./recovery.ts";
import type { Whisper } from "./whispers.ts";

/** What a door does for all its sockets at once. */
export interface Broadcaster {
  /** Sends to every socket that has entered the channel by now. Must not throw. */
  send(told: Broadcast): void;
}

/** What the hub needs from its surroundings. */
export interface HubParts {
  readonly changeLog: ChangeLog;
  readonly lane: EphemeralLane;
  readonly tokens: QueryTokens;
  readonly contract: Contract;
  readonly authorize: AuthorizeJoin;
  /** Whether a claim still holds: by what this node knows, or else by the ground. Rejects as the ground does. */
  readonly judge: (claim: Claim) => Promise<Verdict>;
  /** Where this node has applied the log to. */
  readonly applied: () => Position | undefined;
  /** What is read on this node from now on is as new as this position. */
  readonly require: (position: Position) => void;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly limits?: Partial<HubLimits>;
  readonly signals: Pick<Signals, "tell">;
  readonly onEntered?: MembershipListener;
  readonly onLeft?: MembershipListener;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** What the hub holds now, and what it refused since it was made. */
export type HubFigures = Omit<LiveReport, "busiest">;

/**
 * Live queries and channels of one node, for doors to connect sockets to. It is fed by the corridor, always after the cache:
 * whoever is told of something can no longer read what was there before.
 */
export interface Hub extends HubView {
  /** How this node gets hold of responses that are pushed. */
  readonly pushes: PushSources;
  /** Begins a conversation with one socket, which may be in as many channels as the hub's limits say, or `own`. */
  connect(peer: Peer, own?: Pick<HubLimits, "maxChannels">): Connection;
  /** Adds a door; the answer removes it. */
  addBroadcaster(broadcaster: Broadcaster): () => void;
  /** Takes the next record, after the cache has: watches go stale, and events that waited for it go out. Never throws. */
  apply(record: ChangeRecord): void;
  /**
   * A change made here waits for the ground: this node's watches on its tags go stale, and its events are told to this node's members,
   * without a cursor. They come once more, with one, when the ground is back. Never throws.
   */
  applyLocal(change: Pick<ChangeInput, "tags" | "events" | "changeId">): void;
  /** Tells the members of a channel on this node something that is no event. Never throws. */
  broadcast(told: Broadcast): void;
  /** Tells the members of a channel on all nodes something without history: see {@link Whispers.whisper}. */
  whisper(whisper: Omit<Whisper, "from">): Promise<void>;
  /** Listens to a channel's events on the server: see {@link createFollowing}. */
  follow(channel: string): Promise<Following>;
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
  const broadcast = createBroadcast(broadcasters, warn);
  const { signal } = closing;
  // As many groups as there are may pause on it at a time.
  setMaxListeners(0, signal);
  const watches = openWatches({ ...parts, broadcast, signal });
  const { channels, followers, whispers } = openChannels({ ...parts, broadcast, findPattern, room });
  const recover = createRecovery({ changeLog, watches: watches.index, channels, clock, tasks, signal, warn });

  const shared: ConnectionParts = {
    ...parts,
    maxWatches: limits.maxWatches,
    whispers,
    groups: watches.groups,
    channels,
    findPattern,
    onLimit: (what) => refused[what]++,
    onClose: (connection) => connections.delete(connection),
  };

  return {
    pushes: watches.pushes,
    connect(peer, { maxChannels } = limits) {
      const connection = new Connection(shared, peer, maxChannels);
      connections.add(connection);
      if (signal.aborted) connection.close();
      return connection;
    },
    addBroadcaster(broadcaster) {
      broadcasters.add(broadcaster);
      return () => broadcasters.delete(broadcaster);
    },
    apply(record) {
      watches.index.apply(record);
      channels.apply(record);
    },
    applyLocal({ tags, events, changeId }) {
      watches.index.applyTags(tags, ({ claim }) => ({ position: applied() ?? claim.position }));
      for (const event of events) {
        const { channel } = event;
        if (!channels.has(channel) || channels.hasDelivered(channel, changeId)) continue;
        broadcast(eventBroadcast(event, { channel, changeId }));
      }
    },
    broadcast,
    whisper: whispers.whisper,
    follow: followers.follow,
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
    ...createHubView({ connections, channels, watches: watches.index }),
    async close() {
      closing.abort();
      for (const connection of connections) connection.close();
      await channels.close();
    },
  };
}

/** Sends to all doors; one that fails does not keep the others from it. */
function createBroadcast(
  broadcasters: ReadonlySet<Broadcaster>,
  warn: HubParts["warn"],
): (told: Broadcast) => void {
  return (told) => {
    for (const broadcaster of broadcasters) {
      try {
        broadcaster.send(told);
      } catch (error) {
        warn("something could not be sent to a channel", { channel: told.channel, frame: told.frame, error });
      }
    }
  };
}
