import type { Server, Socket } from "socket.io";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Outlet } from "../live/connection.ts";
import type { Broadcaster } from "../live/hub.ts";

/** Names the Socket.IO room of a channel. */
export type RoomOf = (channel: string) => string;

/** Sends events to rooms of this node only: every node has its own subscription. Socket.IO encodes once for a room. */
export function createBroadcaster(io: Server, roomOf: RoomOf): Broadcaster {
  return {
    event(name, data, meta) {
      io.local.to(roomOf(meta.channel)).emit(name, data, meta);
    },
  };
}

/** What the hub does to one socket. A listener of the application (`onAnyOutgoing`) that throws ends here. */
export function createOutlet(socket: Socket, roomOf: RoomOf, { tasks, warn }: LiveDoor): Outlet {
  function emit(frame: string, body: object): void {
    try {
      socket.emit(frame, body);
    } catch (error) {
      warn("a frame could not be sent", { frame, error });
    }
  }
  return {
    stale: (frame) => emit("stale", frame),
    resync: (frame) => emit("resync", frame),
    // The room is entered at once; what an adapter does about it elsewhere may take time.
    enter: (channel) => tasks.track(Promise.resolve(socket.join(roomOf(channel)))),
    exit: (channel) => tasks.track(Promise.resolve(socket.leave(roomOf(channel)))),
  };
}
