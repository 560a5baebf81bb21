import type { Cursor, JoinReply } from "@livecache/wire";
import type { Conversation, FrameHandler, Peer } from "../base/conversation.ts";
import type { Connection } from "../live/connection.ts";
import type { HubLimits } from "../live/limits.ts";
import type { Admission } from "../live/guest.ts";
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

type ConversingRooms = Pick<Rooms, "hub" | "standings" | "regionRoom" | "presence" | "sessions" | "people">;

/** Puts the conversations of the rooms together. */
export function createConverse(rooms: ConversingRooms): Converse {
  const { hub, standings, sessions } = rooms;
  let table: FrameTable | undefined;
  return (socket, admission, limits) => {
    const standing = standings.stand(socket, admission);
    const { peer } = standing;
    const session = sessions.conversation(peer);
    const present = rooms.presence.conversation(peer);
    const connection = hub.connect(peer, limits);
    const regions = openRegions(rooms, peer, connection);
    standing.begin(async () => {
      await connection.reconsider();
      regions?.reconsider();
    });
    const people = rooms.people.conversation(peer, (channel) => connection.isIn(channel));
    const parts: Conversation[] = [standing, connection, present, session, ...people];
    if (regions) parts.push(regions);
    table ??= tableOf(parts);
    return new Talk({ peer, parts, table, connection, heard: sessions.heard });
  };
}

function openRegions({ regionRoom }: ConversingRooms, peer: Peer, connection: Connection) {
  return regionRoom?.conversation({
    peer,
    join: (channel, onJoined) => connection.frames.join({ channel }, (reply) => onJoined(reply as JoinReply)),
    leave: (channel) => void connection.frames.leave({ channel }, () => undefined),
    isIn: (channel) => connection.isIn(channel),
  });
}

/** Which part of a conversation handles which frame; the same for every socket. */
interface FrameTable {
  readonly names: readonly string[];
  readonly partOf: ReadonlyMap<string, number>;
}

function tableOf(parts: readonly Conversation[]): FrameTable {
  const entries = parts.flatMap(({ frames }, part) =>
    Object.keys(frames).map((name) => [name, part] as const),
  );
  return { names: entries.map(([name]) => name), partOf: new Map(entries) };
}

interface TalkParts {
  readonly peer: Peer;
  readonly parts: readonly Conversation[];
  readonly table: FrameTable;
  readonly connection: Pick<Connection, "catchUp">;
  readonly heard: (peer: Peer) => void;
}

class Talk implements SocketConversation {
  readonly #parts: TalkParts;

  constructor(parts: TalkParts) {
    this.#parts = parts;
  }

  get peer(): Peer {
    return this.#parts.peer;
  }

  get names(): readonly string[] {
    return this.#parts.table.names;
  }

  get frames(): Conversation["frames"] {
    return Object.assign({}, ...this.#parts.parts.map((part) => part.frames)) as Conversation["frames"];
  }

  handler(frame: string): FrameHandler | undefined {
    const part = this.#parts.table.partOf.get(frame);
    return part === undefined ? undefined : this.#parts.parts[part]!.frames[frame];
  }

  heard(): void {
    this.#parts.heard(this.#parts.peer);
  }

  catchUp(channel: string, after: Cursor, goLive: () => boolean): Promise<void> {
    return this.#parts.connection.catchUp(channel, after, goLive);
  }

  close(): void {
    for (const part of this.#parts.parts) part.close();
  }
}
