import type { Server } from "socket.io";
import type { Broadcast } from "../base/conversation.ts";

/** A packet that is ready to be sent to any number of sockets. */
export interface Packet {
  /** What Socket.IO would hand to its transport: one text, unless the server has a parser of its own. */
  readonly parts: readonly (string | Buffer)[];
  /** The parts as one finished WebSocket frame; absent where there is none for all. */
  readonly frame: [Buffer] | undefined;
  /** What the transport is told besides. Shared by all sockets. */
  readonly options: PacketOptions;
  readonly bytes: number;
}

interface PacketOptions {
  readonly compress: boolean;
  readonly wsPreEncodedFrame?: [Buffer];
}

/** Makes packets for one server. Throws for what cannot be JSON. */
export interface PacketMaker {
  /** For one socket. */
  single(frame: string, args: readonly unknown[]): Packet;
  /** For many: the WebSocket frame is built as well. */
  shared(told: Pick<Broadcast, "frame" | "args" | "json">): Packet;
}

/** The types of packets and frames, as the protocols number them. */
const EVENT = 2;
const MESSAGE = "4";
const FINAL_TEXT_FRAME = 0x81;

const PLAIN: PacketOptions = { compress: false };

/** Makes the packets of a server's main namespace, in the text of Socket.IO or with the server's own parser. */
export function createPacketMaker(io: Server): PacketMaker {
  const isStock = io["opts"].parser === undefined;

  function encode({ frame, args }: Pick<Broadcast, "frame" | "args">): readonly (string | Buffer)[] {
    const data = [frame, ...args];
    if (isStock) return [EVENT + JSON.stringify(data)];
    return io.encoder.encode({ type: EVENT, nsp: "/", data }) as (string | Buffer)[];
  }

  function encodeShared(told: Pick<Broadcast, "frame" | "args" | "json">): readonly (string | Buffer)[] {
    if (!isStock || told.json === undefined) return encode(told);
    return [`${EVENT}[${JSON.stringify(told.frame)},${told.json}]`];
  }

  return {
    single(frame, args) {
      const parts = encode({ frame, args });
      return { parts, frame: undefined, options: PLAIN, bytes: sizeOf(parts) };
    },
    shared(told) {
      const parts = encodeShared(told);
      const [text] = parts;
      if (parts.length > 1 || typeof text !== "string") {
        return { parts, frame: undefined, options: PLAIN, bytes: sizeOf(parts) };
      }
      const ready = toWebSocketFrame(MESSAGE + text);
      return {
        parts,
        frame: [ready],
        options: { compress: false, wsPreEncodedFrame: [ready] },
        bytes: ready.length,
      };
    },
  };
}

function sizeOf(parts: readonly (string | Buffer)[]): number {
  let bytes = 0;
  for (const part of parts) bytes += Buffer.byteLength(part);
  return bytes;
}

/** One buffer for head and text, so that a socket is written to once. A server's frames are not masked. */
function toWebSocketFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = FINAL_TEXT_FRAME;
  if (head === 2) {
    frame[1] = length;
  } else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}
