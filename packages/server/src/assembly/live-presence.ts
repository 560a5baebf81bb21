import { LiveError, formatChannel } from "@livecache/wire";
import type { ChannelParams, ChannelPattern, Contract, PresenceDiffFrame } from "@livecache/wire";
import { MAX_LISTED } from "../ports/presence-store.ts";
import type { SocketRecord, SocketStore } from "../ports/socket-store.ts";
import { createPresenceStream } from "../presence/diff-stream.ts";
import type { PresenceStream } from "../presence/diff-stream.ts";
import type { Presence, PresenceFigures, PresencePage } from "../presence/presence.ts";

/** Which page of a channel's users. */
export interface PresencePageOptions {
  /** `next` of the page before. */
  readonly after?: string;
  /** Most users of the page, 1 to 200. Default 200. */
  readonly limit?: number;
}

/** Who is where, for the server. Every method is about channels whose contract says `presence: true`; others reject with `LIVE_INPUT_INVALID`. */
export interface LivePresence<C extends Contract = Contract> {
  /**
   * Answers who is in a channel, in the order of their ids, a page at a time. While the ground is away it rejects as the ground does, or
   * answers what this node knew last with `stale: true`, when sockets of this node are in the channel.
   */
  of<P extends ChannelPattern<C>>(
    pattern: P,
    params: ChannelParams<P>,
    page?: PresencePageOptions,
  ): Promise<PresencePage>;
  /** Answers how many users are in a channel, in constant time. Rejects as the ground does. */
  count<P extends ChannelPattern<C>>(pattern: P, params: ChannelParams<P>): Promise<number>;
  /** Whether a user has a connection to any node, or had one less than 3 s ago. Rejects as the ground does. */
  isOnline(userId: string): Promise<boolean>;
  /**
   * Tells who comes and goes from now on, as members are told: `for await (const diff of live.presence.follow("room/:id", { id: 7 }))`.
   * Leaving the loop stops it. Differences are told while the ground is here.
   *
   * @throws LiveError `LIVE_INPUT_INVALID`
   */
  follow<P extends ChannelPattern<C>>(pattern: P, params: ChannelParams<P>): PresenceStream;
  /** The same with a function, which must not throw; the answer stops it. */
  onChange<P extends ChannelPattern<C>>(
    pattern: P,
    params: ChannelParams<P>,
    listener: (diff: PresenceDiffFrame) => void,
  ): () => void;
  figures(): PresenceFigures;
}

/** Sockets of all nodes, as they were written last. What they said of themselves may be half a minute old. */
export interface LiveSockets {
  /** Answers a user's sockets, the longest connected first. Rejects as the ground does. */
  of(userId: string): Promise<readonly SocketRecord[]>;
  /** Answers one socket's record. Sockets of a node that was killed are known for up to an hour. Rejects as the ground does. */
  session(socketId: string): Promise<SocketRecord | undefined>;
  /** Answers when a socket's last `heartbeat` came, unless that was more than 5 minutes ago. Rejects as the ground does. */
  heartbeat(socketId: string): Promise<string | undefined>;
}

/** Makes presence for the server. */
export function createLivePresence(contract: Contract, presence: Presence): LivePresence {
  function nameOf(pattern: string, params: Readonly<Record<string, string | number>>): string {
    const isDeclared = typeof pattern === "string" && Object.hasOwn(contract.channels, pattern);
    if (isDeclared && contract.channels[pattern]!.presence === true) return formatChannel(pattern, params);
    const shown = Object.keys(contract.channels).filter((name) => contract.channels[name]!.presence === true);
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `presence: expected a channel that the contract gives presence: true (${shown.join(", ") || "none does"}), received ${JSON.stringify(pattern)}.`,
    );
  }

  return {
    of: async (pattern, params, page = {}) => presence.page(nameOf(pattern, params), readPage(page)),
    count: async (pattern, params) => presence.count(nameOf(pattern, params)),
    isOnline: async (userId) => presence.isOnline(readId("isOnline: userId", userId)),
    follow(pattern, params) {
      const channel = nameOf(pattern, params);
      return createPresenceStream((take) => presence.listen(channel, take));
    },
    onChange(pattern, params, listener) {
      if (typeof listener !== "function") throw invalid("onChange: listener", "a function", listener);
      return presence.listen(nameOf(pattern, params), listener);
    },
    figures: presence.figures,
  };
}

/** Makes the sockets for the server. */
export function createLiveSockets(store: SocketStore): LiveSockets {
  return {
    of: async (userId) => store.of(readId("sockets.of: userId", userId)),
    session: async (socketId) => store.get(readId("sockets.session: socketId", socketId)),
    heartbeat: async (socketId) => store.heartbeat(readId("sockets.heartbeat: socketId", socketId)),
  };
}

function readPage({
  after,
  limit = MAX_LISTED,
}: PresencePageOptions): PresencePageOptions & { limit: number } {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LISTED) {
    throw invalid("presence.of: limit", `a whole number from 1 to ${MAX_LISTED}`, limit);
  }
  if (after === undefined) return { limit };
  return { limit, after: readId("presence.of: after", after) };
}

function readId(what: string, id: unknown): string {
  if (typeof id !== "string" || id === "") throw invalid(what, "a string that is not empty", id);
  return id;
}

function invalid(what: string, expected: string, received: unknown): LiveError {
  const shown = (JSON.stringify(received) ?? typeof received).slice(0, 80);
  return new LiveError("LIVE_INPUT_INVALID", `${what}: expected ${expected}, received ${shown}.`);
}
