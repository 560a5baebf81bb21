import { formatCursor } from "@livecache/wire";
import type { PresenceDiffFrame, PresenceReply } from "@livecache/wire";
import type { Cancel, Clock } from "../base/clock.ts";
import type { Broadcast, Conversation, Peer } from "../base/conversation.ts";
import type { Tasks } from "../base/tasks.ts";
import type { GroundStatus } from "../ports/ground.ts";
import type { KeptPage, PageQuery, PresenceStore } from "../ports/presence-store.ts";
import { createAnnouncer } from "./announcer.ts";
import { createFollowedChannels } from "./followed-channels.ts";
import type { TakeFrame } from "./followed-channels.ts";
import { createIncarnation } from "./incarnation.ts";
import { createLocalUsers } from "./local-users.ts";
import type { LocalConnection, LocalUsers } from "./local-users.ts";
import {
  MAX_USER_ID_LENGTH,
  readPresenceFrame,
  readPresenceSetFrame,
  refuseChannel,
} from "./presence-frame.ts";
import type { PresenceQuery } from "./presence-frame.ts";
import { toPresent } from "./view.ts";

/** What presence needs from its surroundings. */
export interface PresenceParts {
  readonly store: PresenceStore;
  /** Whether the contract says that members of a channel see who is there. */
  readonly isShown: (channel: string) => boolean;
  /** Tells the sockets of this node that are in a channel. */
  readonly broadcast: (told: Broadcast) => void;
  readonly ground: {
    status(): GroundStatus;
    onStatus(listener: (status: GroundStatus) => void): () => void;
  };
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly limits: PresenceLimits;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Bounds of presence on one node. */
export interface PresenceLimits {
  /** How long who left is there still, so that a page which is reloaded makes no noise. */
  readonly graceMs: number;
  /** Most users that this node speaks for, in all channels together. */
  readonly maxUsers: number;
}

/** The usual bounds. */
export const PRESENCE_LIMITS: PresenceLimits = { graceMs: 3_000, maxUsers: 200_000 };

/** What presence does now, and what it refused. */
export interface PresenceFigures {
  /** Users in channels that this node speaks for. */
  readonly users: number;
  /** Channels whose users it follows. */
  readonly channels: number;
  /** Users who were not announced: there are too many, or their id is too long. */
  readonly usersRefused: number;
}

/** A page of users, and whether it is as of now. */
export interface PresencePage extends Omit<PresenceReply, "channel"> {}

/** Who is where, as this node knows and tells it. */
export interface Presence {
  /** Begins a conversation with one socket: frames `presence` and `presence-set`. */
  conversation(peer: Peer): Conversation;
  /** A socket with a conversation has entered a channel. Never throws. */
  entered(peer: Pick<Peer, "id">, channel: string): void;
  /** It has left. Never throws. */
  left(peer: Pick<Peer, "id">, channel: string): void;
  /** Answers a page of a channel; see `PresenceStore.page`. While the ground is away what was known last, of channels that are followed. */
  page(channel: string, query: PageQuery): Promise<PresencePage>;
  count(channel: string): Promise<number>;
  /** Whether the user has a connection to any node, or had one less than a grace ago. */
  isOnline(userId: string): Promise<boolean>;
  /** Takes every difference of a channel from now on; the answer ends it. */
  listen(channel: string, take: TakeFrame): () => void;
  figures(): PresenceFigures;
  /** Stops following. What this node said is removed by others when its lease has ended: who comes back elsewhere is not told as gone. */
  close(): void;
}

/** Everybody who is connected is in it. No channel of a contract can have this name. */
const EVERYBODY = "@";

/** Makes the presence of one node. It does nothing before somebody connects. */
export function createPresence(parts: PresenceParts): Presence {
  const { store, clock, tasks, signal, isShown, warn, limits, ground } = parts;
  const connections = new Map<string, LocalConnection>();
  const places = new Map<string, Set<string>>();
  let refused = 0;
  let cancelExpiry: Cancel | undefined;

  const users: LocalUsers = createLocalUsers({
    ...limits,
    now: clock.now,
    onChange: (channel, userId) => announcer.mark(channel, userId),
    onGrace: () => expireIn(limits.graceMs),
    onLimit: () => refuseUser(`this node speaks for ${limits.maxUsers} users already`),
  });
  const incarnation = createIncarnation({
    ...{ store, clock, tasks, signal },
    channels: users.channels,
    isDone: () => announcer.isDone(),
    onBegun() {
      for (const [channel, userId] of users.all()) announcer.mark(channel, userId);
      announcer.resume();
    },
  });
  const announcer = createAnnouncer({
    ...{ store, clock, tasks, signal },
    spoken: users.spoken,
    incarnation: incarnation.name,
    onEnded: incarnation.end,
  });
  const followed = createFollowedChannels({
    ...{ store, clock, tasks, signal },
    isHere: () => ground.status().state === "here",
    broadcast: (frame) => parts.broadcast(toBroadcast(frame)),
  });
  const stopListening = ground.onStatus(({ state }) => {
    if (state === "away") return followed.freeze();
    incarnation.wake();
    announcer.resume();
    followed.recover();
  });

  function refuseUser(why: string): void {
    refused++;
    if (refused === 1) warn(`a user is not announced, because ${why}`);
  }

  function expireIn(ms: number): void {
    cancelExpiry = clock.after(ms, () => {
      const next = users.expire(clock.now());
      if (next !== undefined) expireIn(Math.max(1, next - clock.now()));
    });
  }

  function connect(peer: Peer): void {
    const userId = peer.identity()?.userId;
    if (userId === undefined || signal.aborted) return;
    if (userId === "" || userId.length > MAX_USER_ID_LENGTH) {
      return refuseUser(`its id has not 1 to ${MAX_USER_ID_LENGTH} characters`);
    }
    const connection = users.connect(userId);
    connections.set(peer.id, connection);
    incarnation.begin();
    connection.enter(EVERYBODY);
  }

  function disconnect({ id }: Peer): void {
    connections.get(id)?.close();
    connections.delete(id);
    for (const channel of places.get(id) ?? []) followed.release(channel);
    places.delete(id);
  }

  function checkMember(frame: string, { id }: Peer, channel: string): void {
    if (!isShown(channel)) throw refuseChannel(frame, channel, "declare");
    if (places.get(id)?.has(channel)) return;
    throw refuseChannel(frame, channel, "join");
  }

  async function readPage(channel: string, query: PageQuery): Promise<PresencePage> {
    if (query.after === undefined) {
      const first = await followed.find(channel)?.firstPage();
      if (first) return toReply(cut(first, query.limit), first.stale);
    }
    return toReply(await store.page(channel, query), false);
  }

  return {
    conversation(peer) {
      connect(peer);
      let closed = false;
      return {
        frames: {
          async presence(request, answer) {
            const query: PresenceQuery = readPresenceFrame(request);
            checkMember("presence", peer, query.channel);
            answer({ channel: query.channel, ...(await readPage(query.channel, query)) });
          },
          async "presence-set"(request, answer) {
            const { channel, ...words } = readPresenceSetFrame(request);
            if (channel !== undefined) checkMember("presence-set", peer, channel);
            connections.get(peer.id)?.say(words, channel);
            answer({});
          },
        },
        close() {
          if (closed) return;
          closed = true;
          disconnect(peer);
        },
      };
    },
    entered({ id }, channel) {
      if (!isShown(channel)) return;
      const own = places.get(id) ?? new Set();
      if (own.has(channel)) return;
      places.set(id, own.add(channel));
      connections.get(id)?.enter(channel);
      followed.hold(channel);
    },
    left({ id }, channel) {
      const own = places.get(id);
      if (!own?.delete(channel)) return;
      if (own.size === 0) places.delete(id);
      connections.get(id)?.leave(channel);
      followed.release(channel);
    },
    page: readPage,
    count: (channel) => store.count(channel),
    isOnline: (userId) => store.isPresent(EVERYBODY, userId),
    listen: followed.listen,
    figures: () => ({ users: users.size(), channels: followed.size(), usersRefused: refused }),
    close() {
      stopListening();
      cancelExpiry?.();
      followed.close();
    },
  };
}

/** What is told later makes what was told before unnecessary only where there are no lists. */
function toBroadcast(frame: PresenceDiffFrame): Broadcast {
  const { channel } = frame;
  const told = { channel, frame: "presence-diff", args: [frame] };
  return frame.from === undefined
    ? { ...told, lane: "latest", key: `presence-diff ${channel}` }
    : { ...told, lane: "ephemeral" };
}

function cut<T extends KeptPage>(page: T, limit: number): T {
  if (page.users.length <= limit) return page;
  const users = page.users.slice(0, limit);
  return { ...page, users, next: users.at(-1)!.userId };
}

function toReply({ version, count, users, next }: KeptPage, stale: boolean): PresencePage {
  return {
    version: formatCursor(version),
    count,
    users: users.map(toPresent),
    ...(next !== undefined && { next }),
    ...(stale && { stale }),
  };
}
