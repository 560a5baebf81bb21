import { isLiveError } from "@livecache/wire";
import type { Server, Socket } from "socket.io";
import type { SocketConversation } from "../assembly/converse.ts";
import type { LiveDoor } from "../assembly/create-live.ts";
import { invalidOption } from "../base/check.ts";
import type { Identity } from "../base/identity.ts";
import { judgeIdentities } from "../live/guarding.ts";
import type { Admission } from "../live/guest.ts";
import { createAdmissions } from "./admission.ts";
import { createDelivery } from "./delivery.ts";
import type { Delivery } from "./delivery.ts";
import { guardEngine } from "./engine.ts";
import { createFigures } from "./figures.ts";
import type { AttachFigures } from "./figures.ts";
import { createFrameListener } from "./frames.ts";
import type { FrameListener, Listening } from "./frames.ts";
import { addressOf, admit, toConnectError } from "./handshake.ts";
import type { HandshakeParts } from "./handshake.ts";
import { resolveAttachOptions } from "./options.ts";
import type { AttachOptions, ResolvedAttachOptions } from "./options.ts";
import { SocketPeer, endReader } from "./peer.ts";
import type { PeerParts } from "./peer.ts";
import { createReader, cutOff } from "./reader.ts";
import type { Reader } from "./reader.ts";
import { createSlowReaders } from "./slow-readers.ts";
import type { SlowReaders } from "./slow-readers.ts";
import { createTally } from "./tally.ts";
import { limitTalk } from "./user-limits.ts";
import { refuseOldVersions } from "./versions.ts";

export type { AttachFigures } from "./figures.ts";
export type { AttachLimits, AttachOptions } from "./options.ts";
export type { UserLimits } from "./user-limits.ts";

/** An attached door. */
export interface Attached {
  figures(): AttachFigures;
  /** Ends the conversations and stops listening; the sockets stay connected. Idempotent. */
  close(): void;
}

/** One socket of the door. */
interface Guest {
  readonly reader: Reader;
  readonly conversation: SocketConversation;
  readonly listening: Listening;
}

/** How long a client that was turned away may take to hang up. */
const HANG_UP_MS = 1_000;

/**
 * Opens Livecache to the clients of a Socket.IO server, on its main namespace. Call it before the server listens. The application's own
 * middleware, events, rooms and adapter work on beside it; the frames of
 * `docs/reference/wire-protocol.md` (`watch`, `join`, `leave` and so on) are events of each socket that belong to Livecache.
 *
 * A socket is connected only after the origin check and `identify`, and within the limits; otherwise the client gets a `connect_error`
 * whose `data.code` is `LIVE_IDENTITY_FAILED`, `LIVE_IDENTITY_REQUIRED`, `LIVE_ACCESS_REFUSED`, `LIVE_LIMIT_REACHED` or `LIVE_NODE_BUSY`. A page of a foreign origin does not get that far: its
 * handshake is answered with HTTP 403. Whatever a client sends is answered, and never ends the process; nothing that waits for a client grows
 * without bound. `docs/reference/sockets.md` has the limits.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for options that are not what {@link AttachOptions} says, for anything but a Socket.IO server, and for
 * a Socket.IO with known holes (before 4.8.4)
 */
export function attach<I extends Identity>(
  live: { readonly door: LiveDoor<I> },
  io: Server,
  options: AttachOptions<I> = {},
): Attached {
  const resolved = resolveAttachOptions(options as AttachOptions);
  const door = live.door as LiveDoor;
  if (typeof io?.use !== "function" || typeof io.of !== "function") {
    throw invalidOption("attach: io", "a Socket.IO server", io);
  }
  refuseOldVersions();
  warnOfSettings(io, resolved, door.warn);
  return new Door(door, io, resolved);
}

function warnOfSettings(io: Server, { limits }: ResolvedAttachOptions, warn: LiveDoor["warn"]): void {
  if (io["opts"].connectionStateRecovery) {
    warn("connection state recovery lets a returning socket in without asking who it is; turn it off");
  }
  if (maxHttpBytes(io) > limits.messageBytes) {
    warn(
      "clients may send larger messages than Livecache takes; set maxHttpBufferSize of the Socket.IO server, or limits.messageBytes of attach",
      { maxHttpBufferSize: maxHttpBytes(io), messageBytes: limits.messageBytes },
    );
  }
}

/** Socket.IO's own default is a million bytes. */
function maxHttpBytes(io: Server): number {
  return io["opts"].maxHttpBufferSize ?? 1e6;
}

/** What the sockets of one server share. */
class Door implements Attached {
  readonly #door: LiveDoor;
  readonly #io: Server;
  readonly #options: ResolvedAttachOptions;
  readonly #counts = createFigures();
  readonly #admissions = new WeakMap<Socket, Admission>();
  readonly #guests = new Map<Socket, Guest>();
  readonly #shake: HandshakeParts;
  readonly #delivery: Delivery;
  readonly #slow: SlowReaders;
  readonly #peers: PeerParts;
  readonly #listener: FrameListener;
  readonly #undo: (() => void)[];
  /** For all sockets: Node calls it as a method of the one that it is about. */
  readonly #onDisconnect: (this: Socket) => void;
  #closed = false;

  constructor(door: LiveDoor, io: Server, options: ResolvedAttachOptions) {
    const { clock, hub, tasks, warn } = door;
    const { limits } = options;
    const counts = this.#counts;
    const byNetwork = createTally();
    const admissions = createAdmissions(clock, limits.handshakesPerSecond);
    this.#door = door;
    this.#io = io;
    this.#options = options;
    const judge = options.guard && judgeIdentities("attach: guard", options.guard, door.revocations);
    this.#shake = { door, options, admissions, byNetwork, byUser: createTally(), judge };
    this.#delivery = createDelivery({
      clock,
      warn,
      io,
      counts,
      maxWaitingBytes: limits.waitingBytes,
      onBehind: (reader) => this.#slow.note(reader),
      onLost: (reader) => this.#slow.end(reader),
    });
    this.#slow = createSlowReaders({
      clock,
      tasks,
      warn,
      delivery: this.#delivery,
      counts,
      maxWaitingBytes: limits.waitingBytes,
      readers: () => this.#readers(),
      conversationOf: ({ socket }) => this.#guests.get(socket)?.conversation,
      end: (reader) => endReader(reader, this.#peers, { code: "LIVE_SLOW_READER", message: TOO_SLOW }),
    });
    this.#peers = {
      clock,
      warn,
      delivery: this.#delivery,
      maxWaitingBytes: limits.waitingBytes,
      onLost: this.#slow.end,
      onEnded: ({ socket }) => this.#end(socket),
    };
    const isMeasured = maxHttpBytes(io) > limits.messageBytes;
    this.#listener = createFrameListener({
      ...{ clock, tasks, warn, counts, limits, isMeasured, signals: door.signals },
    });
    const end = (socket: Socket): void => this.#end(socket);
    this.#onDisconnect = function (this: Socket) {
      end(this);
    };
    this.#undo = [
      guardEngine(io, { options, counts, byNetwork, warn }),
      hub.addBroadcaster(this.#delivery),
      this.#slow.close,
      this.#listen(),
    ];
  }

  figures(): AttachFigures {
    return { ...this.#counts };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const step of this.#undo) step();
    for (const socket of this.#guests.keys()) this.#end(socket);
  }

  *#readers(): Iterable<Reader> {
    for (const { reader } of this.#guests.values()) yield reader;
  }

  #listen(): () => void {
    const { tasks } = this.#door;
    const onConnection = (socket: Socket): void => {
      const admission = this.#admissions.get(socket);
      this.#admissions.delete(socket);
      if (admission) this.#beginOrEnd(socket, admission);
      else if (!this.#closed) tasks.track(this.#admitLate(socket));
    };
    this.#io.use((socket, next) => (this.#closed ? next() : tasks.track(this.#welcome(socket, next))));
    this.#io.on("connection", onConnection);
    return () => void this.#io.off("connection", onConnection);
  }

  async #welcome(socket: Socket, next: (refused?: Error) => void): Promise<void> {
    try {
      this.#admissions.set(socket, await admit(this.#shake, socket));
    } catch (error) {
      this.#countRefused(error);
      next(toConnectError(error));
      this.#hangUpLater(socket);
      return;
    }
    next();
  }

  /** Recovered sessions come past all middleware. */
  async #admitLate(socket: Socket): Promise<void> {
    try {
      const admission = await admit(this.#shake, socket);
      if (socket.connected && !this.#closed) this.#beginOrEnd(socket, admission);
    } catch (error) {
      this.#countRefused(error);
      socket.disconnect(true);
    }
  }

  /** Whatever goes wrong with one socket ends it, and nothing else. */
  #beginOrEnd(socket: Socket, admission: Admission): void {
    try {
      this.#begin(socket, admission);
    } catch (error) {
      this.#door.warn("a socket was ended because the conversation with it could not begin", { error });
      socket.disconnect(true);
    }
  }

  #begin(socket: Socket, admission: Admission): void {
    const { limits, trustProxy } = this.#options;
    const reader = createReader(socket);
    const peer = new SocketPeer(reader, addressOf(socket, trustProxy), this.#peers);
    const conversation = this.#door.converse(peer, admission, { maxChannels: limits.channelsPerSocket });
    const talk = limitTalk(this.#door.limits, this.#options.perUser, conversation);
    const listening = this.#listener.listen(socket, talk);
    this.#guests.set(socket, { reader, conversation, listening });
    // Nothing of this is done twice, and a listener for one time costs each socket more.
    socket.on("disconnect", this.#onDisconnect);
    // Its identity may have expired just now.
    if (reader.ended) this.#end(socket);
  }

  #end(socket: Socket): void {
    const guest = this.#guests.get(socket);
    if (!guest) return;
    this.#guests.delete(socket);
    guest.listening.isOver = true;
    guest.conversation.close();
  }

  #countRefused(error: unknown): void {
    if (isLiveError(error) && error.code === "LIVE_NODE_BUSY") this.#counts.handshakesPostponed++;
    else this.#counts.handshakesRefused++;
    const { code, message } = toConnectError(error).data;
    const nobody = { socketId: undefined, userId: undefined };
    this.#door.signals.tell("refusal", { at: "connect", code, message, ...nobody });
  }

  /** Whoever is turned away keeps a connection open that is of no use, unless it is in another namespace. */
  #hangUpLater({ client, conn }: Socket): void {
    this.#door.clock.after(HANG_UP_MS, () => {
      if (client["sockets"].size === 0) cutOff(conn);
    });
  }
}

const TOO_SLOW =
  "This client did not read what was sent to it. It may connect again, and go on where it stood.";
