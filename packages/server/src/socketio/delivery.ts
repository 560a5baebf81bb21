import type { Cursor } from "@livecache/wire";
import type { Server } from "socket.io";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Broadcast } from "../base/conversation.ts";
import type { Broadcaster } from "../live/hub.ts";
import { createFanOut } from "./fan-out.ts";
import type { FanOut, Told } from "./fan-out.ts";
import type { DeliveryFigures } from "./figures.ts";
import { createPacketMaker } from "./packets.ts";
import type { Packet, PacketMaker } from "./packets.ts";
import { showOutgoing, waitingBytes, write } from "./reader.ts";
import type { Reader } from "./reader.ts";

/** A broadcast on its way to the members of its channel. */
interface Item extends Told {
  readonly broadcast: Broadcast;
  /** Where the channel stands with it, if it is an event. */
  readonly cursor: Cursor | undefined;
  /** Made for the first member who is to get it. `null`: it cannot be made. */
  packet: Packet | null | undefined;
}

/** What delivering needs from its surroundings. */
export interface DeliveryParts extends Pick<LiveDoor, "clock" | "warn"> {
  readonly io: Server;
  readonly counts: DeliveryFigures;
  /** Most bytes that may wait for one socket. */
  readonly maxWaitingBytes: number;
  /** A socket does not get everything any more. */
  readonly onBehind: (reader: Reader) => void;
  /** A socket cannot be sent what must arrive. */
  readonly onLost: (reader: Reader) => void;
}

/** Sends to the sockets of this node. */
export interface Delivery extends Broadcaster {
  readonly packets: PacketMaker;
  enter(channel: string, reader: Reader): void;
  exit(channel: string, reader: Reader): void;
  /** Whether nothing is left in the queue of what the socket was to get before it fell behind. */
  isQueueEmpty(reader: Reader, channel: string): boolean;
}

/** Above this, what need not arrive is not sent: 64 KiB, or a quarter of what may wait. */
export function softLimit(maxWaitingBytes: number): number {
  return Math.min(64 * 1024, maxWaitingBytes / 4);
}

/** How long a turn of the event loop may be used for sending, and how many broadcasts may wait. */
const FAN_OUT_LIMITS = { turnMs: 4, maxItems: 4_000 };

/** How many keys of latest values wait for one socket. */
const MAX_HELD = 256;

/**
 * Makes the delivery of one door. What it sends is encoded once, and never queued without bound: a socket for which much waits gets nothing
 * ephemeral, and of the latest values only the last; at seven eighths of what may wait it gets no events either, and its place is
 * remembered, so that they can be sent from the channel's history once it has read. The last eighth is for answers.
 */
export function createDelivery(parts: DeliveryParts): Delivery {
  return new ChannelDelivery(parts);
}

class ChannelDelivery implements Delivery {
  readonly packets: PacketMaker;
  readonly #parts: DeliveryParts;
  readonly #soft: number;
  readonly #hard: number;
  readonly #fanOut: FanOut<Reader, Item>;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.packets = createPacketMaker(parts.io);
    this.#soft = softLimit(parts.maxWaitingBytes);
    this.#hard = parts.maxWaitingBytes * (7 / 8);
    this.#fanOut = createFanOut<Reader, Item>({
      now: parts.clock.now,
      later: inAnotherTurn,
      deliver: (reader, item) => this.#deliver(reader, item),
      miss: (reader, item) => this.#miss(reader, item),
      limits: FAN_OUT_LIMITS,
    });
  }

  send(broadcast: Broadcast): void {
    const { channel, lane, key, cursor } = broadcast;
    this.#fanOut.tell({
      channel,
      key: lane === "latest" ? key : undefined,
      isDroppable: lane === "ephemeral",
      broadcast,
      cursor,
      packet: undefined,
    });
  }

  enter(channel: string, reader: Reader): void {
    forgetLag(reader, channel);
    this.#fanOut.enter(channel, reader);
  }

  exit(channel: string, reader: Reader): void {
    forgetLag(reader, channel);
    this.#fanOut.exit(channel, reader);
  }

  isQueueEmpty(reader: Reader, channel: string): boolean {
    const lag = reader.lags?.get(channel);
    return lag === undefined || this.#fanOut.hasPassed(channel, lag.told);
  }

  #deliver(reader: Reader, item: Item): void {
    const { broadcast } = item;
    if (broadcast.except !== undefined && isLeftOut(broadcast.except, reader.socket.id)) return;
    const packet = this.#packetOf(item);
    if (packet === null) return;
    try {
      if (broadcast.lane === "reliable") this.#deliverReliable(reader, item, packet);
      else if (broadcast.lane === "latest") this.#deliverLatest(reader, item, packet);
      else if (waitingBytes(reader) <= this.#soft) send(reader, item, packet);
      else this.#parts.counts.framesDropped++;
    } catch (error) {
      this.#parts.warn("a frame could not be sent", { frame: broadcast.frame, error });
    }
  }

  #packetOf(item: Item): Packet | null {
    if (item.packet !== undefined) return item.packet;
    const { channel, broadcast } = item;
    try {
      item.packet = this.packets.shared(broadcast);
    } catch (error) {
      item.packet = null;
      const { frame } = broadcast;
      this.#parts.warn("something could not be sent to a channel", { channel, frame, error });
    }
    return item.packet;
  }

  #deliverReliable(reader: Reader, item: Item, packet: Packet): void {
    if (reader.lags !== undefined && isPast(reader, item)) return;
    const total = waitingBytes(reader) + packet.bytes;
    const most = item.cursor === undefined ? this.#parts.maxWaitingBytes : this.#hard;
    if (total <= most) send(reader, item, packet);
    else this.#fallBehind(reader, item);
  }

  #deliverLatest(reader: Reader, item: Item, packet: Packet): void {
    if (reader.held === undefined && waitingBytes(reader) <= this.#soft) send(reader, item, packet);
    else this.#hold(reader, item, packet);
  }

  /** Keeps the latest value of each key until the socket has read: as many as there is room for. */
  #hold(reader: Reader, { channel, key = channel }: Item, packet: Packet): void {
    reader.held ??= new Map();
    const older = reader.held.get(key);
    if (older) {
      this.#parts.counts.framesDropped++;
      reader.heldBytes -= older.bytes;
      reader.held.delete(key);
    }
    if (reader.held.size >= MAX_HELD || reader.heldBytes + packet.bytes > this.#soft) {
      this.#parts.counts.framesDropped++;
      return;
    }
    reader.heldBytes += packet.bytes;
    reader.held.set(key, packet);
    this.#parts.onBehind(reader);
  }

  /** There is no room in the queue for it. */
  #miss(reader: Reader, item: Item): void {
    if (item.broadcast.lane === "reliable") return this.#fallBehind(reader, item);
    const packet = this.#packetOf(item);
    if (packet) this.#hold(reader, item, packet);
  }

  /** What has no cursor is in no history: it is not sent later, and the socket is ended rather than left without it. */
  #fallBehind(reader: Reader, item: Item): void {
    const { channel, cursor } = item;
    if (reader.ended) return;
    if (cursor === undefined) return this.#parts.onLost(reader);
    reader.lags ??= new Map();
    if (isPast(reader, item)) return;
    const after = { epoch: cursor.epoch, offset: cursor.offset - 1 };
    reader.lags.set(channel, { after, told: this.#fanOut.told() });
    this.#parts.onBehind(reader);
  }
}

/** A single immediate would run in the turn of whoever has asked for it: those come after sockets and timers. */
function inAnotherTurn(task: () => void): void {
  setImmediate(() => setImmediate(task));
}

function send(reader: Reader, { broadcast }: Item, packet: Packet): void {
  showOutgoing(reader, broadcast);
  write(reader, packet);
}

function isLeftOut(except: string | readonly string[], id: string): boolean {
  return typeof except === "string" ? except === id : except.includes(id);
}

/** Whether an item belongs to what the socket will be sent, or told to reload, from the history. */
function isPast(reader: Reader, { channel, cursor, broadcast }: Item): boolean {
  const after = reader.lags?.get(channel)?.after;
  if (after === undefined) return false;
  if (cursor === undefined) return broadcast.frame === "resync";
  return cursor.epoch !== after.epoch || cursor.offset > after.offset;
}

function forgetLag(reader: Reader, channel: string): void {
  reader.lags?.delete(channel);
  if (reader.lags?.size === 0) reader.lags = undefined;
}
