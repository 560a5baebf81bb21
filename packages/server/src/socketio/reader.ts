import type { Cursor } from "@livecache/wire";
import type { Socket } from "socket.io";
import type { Broadcast } from "../base/conversation.ts";
import type { Packet } from "./packets.ts";

/**
 * One socket as the door sends to it. There is one of these for each connection, and each is looked at for each delivery: it holds
 * what is needed, and nothing is made for those who keep up.
 */
export interface Reader {
  readonly socket: Socket;
  readonly conn: Connection;
  /** Channels whose events are not sent at present. */
  lags: Map<string, Lag> | undefined;
  /** The latest value of each key that waits until the socket has read. */
  held: Map<string, Packet> | undefined;
  heldBytes: number;
  /** When the socket was first found to have too much waiting; `undefined` once it has read. */
  fullSinceMs: number | undefined;
  /** The door has said goodbye. */
  ended: boolean;
  /** How far the engine's list of waiting packets has been counted. */
  counted: WriteBuffer | undefined;
  countedPackets: number;
  countedBytes: number;
}

/** Where a socket stands in a channel whose events it does not get. */
export interface Lag {
  /** The last event that it was sent, or will be. */
  readonly after: Cursor;
  /** What had been told when it fell behind: up to there, it may still be in the queue. */
  readonly told: number;
}

/** What the engine keeps of packets that the transport has not taken yet. It offers no other way to see them. */
type WriteBuffer = { readonly data?: string | Buffer }[];

/** The engine's connection, as far as it is used here. Its `transport` changes when a client goes from polling to WebSocket. */
interface Connection {
  readonly readyState: string;
  readonly writeBuffer: WriteBuffer;
  readonly transport: {
    readonly writable: boolean;
    readonly perMessageDeflate?: unknown;
    readonly socket?: WebSocketInside;
  };
  write(data: string | Buffer, options: object): unknown;
  close(discard?: boolean): void;
}

/** A WebSocket of the `ws` package; Socket.IO sends finished frames by the same way. */
interface WebSocketInside {
  readonly bufferedAmount?: number;
  readonly _sender?: { sendFrame?(frame: [Buffer]): void };
  terminate?(): void;
}

/** What a waiting packet costs besides its bytes. */
const PACKET_OVERHEAD = 128;

/** Begins to look after one socket. */
export function createReader(socket: Socket): Reader {
  return {
    socket,
    conn: socket.conn as unknown as Connection,
    lags: undefined,
    held: undefined,
    heldBytes: 0,
    fullSinceMs: undefined,
    ended: false,
    counted: undefined,
    countedPackets: 0,
    countedBytes: 0,
  };
}

/** How many bytes wait to be sent to the socket, by whomever: the engine's list, and what the kernel has not taken from `ws`. */
export function waitingBytes(reader: Reader): number {
  const { writeBuffer, transport } = reader.conn;
  const inSocket = transport.socket?.bufferedAmount ?? 0;
  return writeBuffer.length === 0 ? inSocket : inSocket + countListed(reader, writeBuffer);
}

/** Counts each packet once: the engine only adds to its list, and begins another when it hands one over. */
function countListed(reader: Reader, list: WriteBuffer): number {
  if (reader.counted !== list || reader.countedPackets > list.length) {
    reader.counted = list;
    reader.countedPackets = 0;
    reader.countedBytes = 0;
  }
  for (; reader.countedPackets < list.length; reader.countedPackets++) {
    const { data } = list[reader.countedPackets]!;
    const bytes = data === undefined ? 0 : typeof data === "string" ? data.length : data.byteLength;
    reader.countedBytes += bytes + PACKET_OVERHEAD;
  }
  return reader.countedBytes;
}

/** Sends, in the order of the calls. Nothing is sent to a socket that has left. */
export function write({ socket, conn }: Reader, packet: Packet): void {
  if (!socket.connected || conn.readyState !== "open") return;
  const { transport } = conn;
  const { frame } = packet;
  const ws = transport.socket;
  if (
    frame !== undefined &&
    ws?.bufferedAmount === 0 &&
    conn.writeBuffer.length === 0 &&
    transport.writable &&
    !transport.perMessageDeflate &&
    ws["_sender"]?.sendFrame !== undefined
  ) {
    // Nothing waits, so the frame may go straight to the kernel, past the engine's bookkeeping.
    ws["_sender"].sendFrame(frame);
    return;
  }
  for (const part of packet.parts) conn.write(part, packet.options);
}

/** Lets the application's `onAnyOutgoing` listeners see a packet, as Socket.IO does. What they throw is thrown. */
export function showOutgoing({ socket }: Reader, told: Pick<Broadcast, "frame" | "args">): void {
  const listeners = socket.listenersAnyOutgoing();
  if (listeners.length === 0) return;
  for (const listener of [...listeners]) listener.call(socket, told.frame, ...told.args);
}

/** Throws away what waits, so that the next packet is the first. What the kernel has taken is on its way. */
export function dropWaiting({ conn }: Reader): void {
  conn.writeBuffer.length = 0;
}

/** Ends the connection whether or not the other side still reads. */
export function cutOff(connection: Socket["conn"]): void {
  const conn = connection as unknown as Connection;
  if (conn.readyState === "closed") return;
  const ws = conn.transport.socket;
  if (ws?.terminate) ws.terminate();
  else conn.close(true);
}
