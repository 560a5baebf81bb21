import type { Cursor, JoinReply } from "@livecache/wire";
import type { Conversation, FrameHandler, Peer } from "../base/conversation.ts";
import type { Connection } from "../live/connection.ts";
import type { HubLimits } from "../live/limits.ts";
import type { Admission, Guest } from "../live/guest.ts";
import type { RegionConversation } from "../regions/regions.ts";
import type { Rooms } from "./open-rooms.ts";

/** Everything that Livecache has with one socket. */
export interface SocketConversation extends Conversation {
  readonly peer: Peer;
  /** The names of all frames; the same for every socket. */
  readonly names: readonly string[];
  /** What handles a frame. */
  handler(frame: string): FrameHandler | undefined;
  /** The socket has sent a frame. */
  heard(): void;
  /**
   * Calls `goLive`, and sends in the same turn what the socket was not sent of a channel since `after`, unless the answer is `false`; a gap
   * is told as `resync`. For doors that stop sending to a socket which does not keep up. Rejects as the ground does.
   */
  catchUp(channel: string, after: Cursor, goLive: () => boolean): Promise<void>;
}

/** Begins the conversations of all rooms with one socket; a door may bound in how many channels it is. */
export type Converse = (
  socket: Omit<Peer, "identity">,
  admission: Admission,
  limits?: Pick<HubLimits, "maxChannels">,
) => SocketConversation;

type ConversingRooms = Pick<
  Rooms,
  "hub" | "standings" | "regionRoom" | "presence" | "sessions" | "people" | "signals"
>;

/** Puts the conversations of the rooms together. */
export function createConverse(rooms: ConversingRooms): Converse {
  const shared: Shared = { rooms, table: undefined };
  return (socket, admission, limits) => new Talk(shared, rooms.standings.stand(socket, admission), limits);
}

/** What the conversations with all sockets share. */
interface Shared {
  readonly rooms: ConversingRooms;
  /** Made of the first conversation: the others have the same frames. */
  table: FrameTable | undefined;
}

/** Which part of a conversation handles which frame. */
interface FrameTable {
  readonly names: readonly string[];
  readonly partOf: ReadonlyMap<string, number>;
}

/**
 * The conversations of all rooms with one socket. There are as many of them as sockets: what belongs to frames that a socket may never send
 * is made when it does.
 */
class Talk implements SocketConversation {
  readonly #shared: Shared;
  readonly #standing: Guest;
  readonly #connection: Connection;
  readonly #present: Conversation;
  readonly #session: Conversation;
  #people: readonly Conversation[] | undefined;
  #regions: RegionConversation | undefined;
  #isClosed = false;

  constructor(shared: Shared, standing: Guest, limits: Pick<HubLimits, "maxChannels"> | undefined) {
    const { hub, sessions, presence } = shared.rooms;
    const { peer } = standing;
    this.#shared = shared;
    this.#standing = standing;
    this.#session = sessions.conversation(peer);
    this.#present = presence.conversation(peer);
    this.#connection = hub.connect(peer, limits);
    standing.begin(this);
    this.#tell("opened");
  }

  get peer(): Peer {
    return this.#standing.peer;
  }

  get names(): readonly string[] {
    return this.#table.names;
  }

  get frames(): Conversation["frames"] {
    return Object.fromEntries(this.names.map((name) => [name, this.handler(name)!]));
  }

  handler(frame: string): FrameHandler | undefined {
    const at = this.#table.partOf.get(frame);
    return at === undefined ? undefined : this.#part(at)!.frames[frame];
  }

  heard(): void {
    this.#shared.rooms.sessions.heard(this.peer);
  }

  catchUp(channel: string, after: Cursor, goLive: () => boolean): Promise<void> {
    return this.#connection.catchUp(channel, after, goLive);
  }

  close(): void {
    if (!this.#isClosed) this.#tell("closed");
    this.#isClosed = true;
    for (let at = 0; at < REGIONS; at++) this.#part(at)!.close();
    for (const part of this.#people ?? []) part.close();
    this.#regions?.close();
  }

  #tell(happened: "opened" | "closed"): void {
    const { peer } = this.#standing;
    const { signals } = this.#shared.rooms;
    signals.tell("socket", { happened, socketId: peer.id, userId: peer.identity()?.userId });
  }

  get #table(): FrameTable {
    return (this.#shared.table ??= tableOf((at) => this.#part(at)));
  }

  #part(at: number): Conversation | undefined {
    switch (at) {
      case 0:
        return this.#standing;
      case 1:
        return this.#connection;
      case 2:
        return this.#present;
      case 3:
        return this.#session;
      case REGIONS:
        return (this.#regions ??= this.#beginRegions());
      default:
        return (this.#people ??= this.#beginPeople())[at - REGIONS - 1];
    }
  }

  #beginPeople(): readonly Conversation[] {
    const begun = this.#shared.rooms.people.conversation(this.peer, (channel) =>
      this.#connection.isIn(channel),
    );
    if (this.#isClosed) for (const part of begun) part.close();
    return begun;
  }

  #beginRegions(): RegionConversation | undefined {
    const connection = this.#connection;
    const begun = this.#shared.rooms.regionRoom?.conversation({
      peer: this.peer,
      join: (channel, onJoined) =>
        connection.frames.join({ channel }, (reply) => onJoined(reply as JoinReply)),
      leave: (channel) => void connection.frames.leave({ channel }, () => undefined),
      isIn: (channel) => connection.isIn(channel),
    });
    if (this.#isClosed) begun?.close();
    return begun;
  }

  /** The identity has changed: what it has no right to any more ends. */
  async reconsider(): Promise<void> {
    await this.#connection.reconsider();
    this.#regions?.reconsider();
  }
}

/** Behind the four parts that every socket has: its regions, if there are any, and then what is between people. */
const REGIONS = 4;

function tableOf(part: (at: number) => Conversation | undefined): FrameTable {
  const partOf = new Map<string, number>();
  for (let at = 0; at <= REGIONS || part(at); at++) {
    for (const name of Object.keys(part(at)?.frames ?? {})) partOf.set(name, at);
  }
  return { names: [...partOf.keys()], partOf };
}
