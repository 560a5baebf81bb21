import { formatCursor } from "@livecache/wire";
import type { PresenceDiffFrame, PresenceReply } from "@livecache/wire";
import type { Broadcast, Conversation, Peer } from "../base/conversation.ts";
import type { GroundStatus } from "../ports/ground.ts";
import type { KeptPage, PageQuery } from "../ports/presence-store.ts";
import { createFollowedChannels } from "./followed-channels.ts";
import type { TakeFrame } from "./followed-channels.ts";
import type { LocalConnection } from "./local-users.ts";
import { readPresenceFrame, readPresenceSetFrame, refuseChannel } from "./presence-frame.ts";
import { createSpeech } from "./speech.ts";
import type { PresenceLimits, SpeechParts } from "./speech.ts";
import { toPresent } from "./view.ts";

/** What presence needs from its surroundings. */
export interface PresenceParts extends SpeechParts {
  /** Whether the contract says that members of a channel see who is there. */
  readonly isShown: (channel: string) => boolean;
  /** Tells the sockets of this node that are in a channel. */
  readonly broadcast: (told: Broadcast) => void;
  readonly ground: {
    status(): GroundStatus;
    onStatus(listener: (status: GroundStatus) => void): () => void;
  };
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
  /** The ground has lost data, maybe what was said of users: it is said again. Nobody is told as gone by that. */
  restate(): void;
  /** Stops following. What this node said is removed by others when its lease has ended: who comes back elsewhere is not told as gone. */
  close(): void;
}

/** Everybody who is connected is in it. No channel of a contract can have this name. */
const EVERYBODY = "@";

/** Makes the presence of one node. It does nothing before somebody connects. */
export function createPresence(parts: PresenceParts): Presence {
  const { store, isShown, ground } = parts;
  const attendants = new Map<string, Attendant>();
  const speech = createSpeech(parts);
  const followed = createFollowedChannels({
    ...{ store, clock: parts.clock, tasks: parts.tasks, signal: parts.signal },
    isHere: () => ground.status().state === "here",
    broadcast: (frame) => parts.broadcast(toBroadcast(frame)),
  });
  const stopListening = ground.onStatus(({ state }) => {
    if (state === "away") return followed.freeze();
    speech.resume();
    followed.recover();
  });

  async function readPage(channel: string, query: PageQuery): Promise<PresencePage> {
    const page = await followed.find(channel)?.page(query);
    if (page) return toReply(page, page.stale);
    return toReply(await store.page(channel, query), false);
  }

  function end(id: string, { speaker, channels = new Set() }: Attendant): void {
    if (!attendants.delete(id)) return;
    speaker?.close();
    for (const channel of channels) followed.release(channel);
    channels.clear();
  }

  const around: AttendantParts = { isShown, readPage, end };
  return {
    conversation(peer) {
      const attendant = new Attendant(peer.id, speech.connect(peer), around);
      attendants.set(peer.id, attendant);
      attendant.speaker?.enter(EVERYBODY);
      return attendant;
    },
    entered({ id }, channel) {
      const attendant = attendants.get(id);
      if (!attendant || !isShown(channel) || attendant.channels?.has(channel)) return;
      attendant.channels = (attendant.channels ?? new Set()).add(channel);
      attendant.speaker?.enter(channel);
      followed.hold(channel);
    },
    left({ id }, channel) {
      const attendant = attendants.get(id);
      if (!attendant?.channels?.delete(channel)) return;
      attendant.speaker?.leave(channel);
      followed.release(channel);
    },
    page: readPage,
    count: (channel) => store.count(channel),
    isOnline: (userId) => store.isPresent(EVERYBODY, userId),
    listen: followed.listen,
    figures: () => ({ ...speech.figures(), channels: followed.size() }),
    restate() {
      speech.restate();
      followed.recover();
    },
    close() {
      stopListening();
      speech.close();
      followed.close();
    },
  };
}

interface AttendantParts {
  readonly isShown: (channel: string) => boolean;
  readonly readPage: Presence["page"];
  readonly end: (id: string, attendant: Attendant) => void;
}

/** One socket, and the channels that it is in; with as little as can be, because there are many. */
class Attendant implements Conversation {
  readonly id: string;
  readonly speaker: LocalConnection | undefined;
  channels: Set<string> | undefined = undefined;
  private readonly parts: AttendantParts;

  constructor(id: string, speaker: LocalConnection | undefined, parts: AttendantParts) {
    this.id = id;
    this.speaker = speaker;
    this.parts = parts;
  }

  get frames(): Conversation["frames"] {
    return {
      presence: async (request, answer) => {
        const { channel, ...query } = readPresenceFrame(request);
        this.checkMember("presence", channel);
        const page = await this.parts.readPage(channel, query);
        // It may have been put out meanwhile.
        this.checkMember("presence", channel);
        answer({ channel, ...page });
      },
      "presence-set": async (request, answer) => {
        const { channel, ...words } = readPresenceSetFrame(request);
        if (channel !== undefined) this.checkMember("presence-set", channel);
        this.speaker?.say(words, channel);
        answer({});
      },
    };
  }

  close(): void {
    this.parts.end(this.id, this);
  }

  private checkMember(frame: string, channel: string): void {
    if (!this.parts.isShown(channel)) throw refuseChannel(frame, channel, "declare");
    if (!this.channels?.has(channel)) throw refuseChannel(frame, channel, "join");
  }
}

/** What is told later makes what was told before unnecessary only where there are no lists. */
function toBroadcast(frame: PresenceDiffFrame): Broadcast {
  const { channel } = frame;
  const told = { channel, frame: "presence-diff", args: [frame] };
  return frame.from === undefined
    ? { ...told, lane: "latest", key: `presence-diff ${channel}` }
    : { ...told, lane: "ephemeral" };
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
