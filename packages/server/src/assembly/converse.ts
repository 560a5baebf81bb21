import type { Cursor, JoinReply } from "@livecache/wire";
import type { Conversation, FrameHandler, Peer } from "../base/conversation.ts";
import type { HubLimits } from "../live/limits.ts";
import type { Admission } from "../live/standings.ts";
import type { Rooms } from "./open-rooms.ts";

/** Everything that Livecache has with one socket. */
export interface SocketConversation extends Conversation {
  readonly peer: Peer;
  /** The socket has sent a frame. */
  heard(): void;
  /**
   * Sends what the socket was not sent of a channel since `after`, and calls `onLive` in the same turn; a gap is told as `resync`. For
   * doors that stop sending to a socket which does not keep up. Rejects as the ground does.
   */
  catchUp(channel: string, after: Cursor, onLive: () => void): Promise<void>;
}

/** Begins the conversations of all rooms with one socket; a door may bound in how many channels it is. */
export type Converse = (
  socket: Omit<Peer, "identity">,
  admission: Admission,
  limits?: Pick<HubLimits, "maxChannels">,
) => SocketConversation;

/** Puts the conversations of the rooms together. */
export function createConverse({
  hub,
  standings,
  regionRoom,
  presence,
  sessions,
  people,
}: Pick<Rooms, "hub" | "standings" | "regionRoom" | "presence" | "sessions" | "people">): Converse {
  return (socket, admission, limits) => {
    const standing = standings.stand(socket, admission);
    const session = sessions.conversation(standing.peer);
    const present = presence.conversation(standing.peer);
    const connection = hub.connect(standing.peer, limits);
    const regions = regionRoom?.conversation({
      peer: standing.peer,
      join: (channel, onJoined) =>
        connection.frames.join({ channel }, (reply) => onJoined(reply as JoinReply)),
      leave: (channel) => void connection.frames.leave({ channel }, () => undefined),
      isIn: connection.isIn,
    });
    standing.begin(async () => {
      await connection.reconsider();
      regions?.reconsider();
    });
    const parts: readonly Conversation[] = [
      standing,
      connection,
      present,
      session,
      ...people.conversation(standing.peer, connection.isIn),
      ...(regions ? [regions] : []),
    ];
    const frames: Record<string, FrameHandler> = Object.assign({}, ...parts.map((part) => part.frames));
    return {
      peer: standing.peer,
      heard: () => sessions.heard(standing.peer),
      frames,
      catchUp: connection.catchUp,
      close: () => parts.forEach((part) => part.close()),
    };
  };
}
