import type { Server, Socket } from "socket.io";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Peer } from "../base/conversation.ts";
import type { EndedFrame } from "@livecache/wire";
import { ERRORS } from "@livecache/wire";
import type { Broadcaster } from "../live/hub.ts";

/** Names the Socket.IO room of a channel. */
export type RoomOf = (channel: string) => string;

/** Sends to rooms of this node only: every node has its own subscription. Socket.IO encodes once for a room. */
export function createBroadcaster(io: Server, roomOf: RoomOf): Broadcaster {
  return {
    send({ channel, frame, args, except }) {
      const room = io.local.to(roomOf(channel));
      (except === undefined ? room : room.except([except].flat())).emit(frame, ...args);
    },
  };
}

/** One socket, as the rooms see it. A listener of the application (`onAnyOutgoing`) that throws ends here. */
export function createPeer(
  socket: Socket,
  roomOf: RoomOf,
  { tasks, warn }: LiveDoor,
): Omit<Peer, "identity"> {
  function emit(frame: string, ...args: readonly unknown[]): void {
    try {
      socket.emit(frame, ...args);
    } catch (error) {
      warn("a frame could not be sent", { frame, error });
    }
  }
  return {
    id: socket.id,
    address: socket.handshake.address,
    userAgent: socket.handshake.headers["user-agent"],
    emit,
    // The room is entered at once; what an adapter does about it elsewhere may take time.
    enter: (channel) => tasks.track(Promise.resolve(socket.join(roomOf(channel)))),
    exit: (channel) => tasks.track(Promise.resolve(socket.leave(roomOf(channel)))),
    end(code, message) {
      emit("ended", { code, message, retryable: ERRORS[code].retryable } satisfies EndedFrame);
      socket.disconnect(true);
    },
  };
}
