import type { Server, Socket } from "socket.io";
import type { LiveDoor } from "../assembly/create-live.ts";
import { refuseUnknown } from "../base/check.ts";
import { randomWord } from "../base/ids.ts";
import type { Admission } from "../live/standings.ts";
import { createBroadcaster, createPeer } from "./emit.ts";
import type { RoomOf } from "./emit.ts";
import { listenToFrames } from "./frames.ts";
import { admit, toConnectError } from "./handshake.ts";
import { readOrigins } from "./origin.ts";
import { sweepSlowReaders } from "./slow-readers.ts";

/** Options of {@link attach}. */
export interface AttachOptions {
  /** Origins besides the server's own whose pages may connect, such as `https://app.example.com`. Default: none. */
  readonly origins?: readonly string[];
}

/** What the door refused since it was attached. */
export interface AttachFigures {
  readonly handshakesRefused: number;
  /** Frames above 50 a second, refused with `LIVE_LIMIT_REACHED`. */
  readonly framesRefused: number;
  /** Sockets ended after 500 refused frames without a pause. */
  readonly floodersEnded: number;
  /** Sockets ended because more than 1 MiB waited to be sent to them. */
  readonly slowReadersEnded: number;
}

/** An attached door. */
export interface Attached {
  figures(): AttachFigures;
  /** Ends the conversations and stops listening; the sockets stay connected. Idempotent. */
  close(): void;
}

/**
 * Opens Livecache to the clients of a Socket.IO server, on its main namespace. Call it before the server listens. The application's own
 * middleware, events, rooms and adapter work on beside it; the frames of
 * `docs/reference/wire-protocol.md` (`watch`, `join`, `leave` and so on) are events of each socket that belong to Livecache.
 *
 * A socket is connected only after the origin check and `identify`; otherwise the client gets a `connect_error` whose `data.code` is
 * `LIVE_ORIGIN_REFUSED` or `LIVE_IDENTITY_FAILED`. Whatever a client sends is answered, and never ends the process.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for a malformed origin or an unknown option
 */
export function attach(live: { readonly door: LiveDoor }, io: Server, options: AttachOptions = {}): Attached {
  refuseUnknown("attach", options, ["origins"]);
  const origins = readOrigins(options.origins);
  const { door } = live;
  const { clock, hub, tasks, warn } = door;
  // Nobody can guess the name, so an application that lets clients name rooms does not let them into channels.
  const roomPrefix = `live:${randomWord(12)}:`;
  const roomOf: RoomOf = (channel) => roomPrefix + channel;
  const admissions = new WeakMap<Socket, Admission>();
  const open = new Map<Socket, () => void>();
  const counts = { handshakesRefused: 0, framesRefused: 0, floodersEnded: 0, slowReadersEnded: 0 };
  let closed = false;

  if (io["opts"].connectionStateRecovery) {
    warn("connection state recovery lets a returning socket in without asking who it is; turn it off");
  }

  function onConnection(socket: Socket): void {
    // A recovered session brings its rooms along, and nobody has asked again who may be in them.
    for (const room of socket.rooms) if (room.startsWith(roomPrefix)) void socket.leave(room);
    const admission = admissions.get(socket);
    if (admission) begin(socket, admission);
    else tasks.track(admitLate(socket));
  }

  /** Recovered sessions come past all middleware. */
  async function admitLate(socket: Socket): Promise<void> {
    try {
      const admission = await admit(door, origins, socket);
      if (socket.connected && !closed) begin(socket, admission);
    } catch {
      counts.handshakesRefused++;
      socket.disconnect(true);
    }
  }

  function begin(socket: Socket, admission: Admission): void {
    const conversation = door.converse(createPeer(socket, roomOf, door), admission);
    const stopListening = listenToFrames(socket, conversation, { ...door, counts });
    const end = (): void => {
      open.delete(socket);
      stopListening();
      conversation.close();
    };
    open.set(socket, end);
    socket.once("disconnect", end);
  }

  async function welcome(socket: Socket, next: (refused?: Error) => void): Promise<void> {
    try {
      admissions.set(socket, await admit(door, origins, socket));
    } catch (error) {
      counts.handshakesRefused++;
      next(toConnectError(error));
      return;
    }
    next();
  }

  io.use((socket, next) => (closed ? next() : tasks.track(welcome(socket, next))));
  io.on("connection", onConnection);
  const removeBroadcaster = hub.addBroadcaster(createBroadcaster(io, roomOf));
  const stopSweeping = sweepSlowReaders(
    clock,
    () => open.keys(),
    (socket) => {
      counts.slowReadersEnded++;
      warn("a socket was ended because it does not read what is sent to it", { socket: socket.id });
    },
  );

  return {
    figures: () => ({ ...counts }),
    close() {
      if (closed) return;
      closed = true;
      stopSweeping();
      removeBroadcaster();
      io.off("connection", onConnection);
      for (const end of open.values()) end();
    },
  };
}
