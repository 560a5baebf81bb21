import { ERRORS } from "@livecache/wire";
import type { EndedFrame, ErrorCode } from "@livecache/wire";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Peer } from "../base/conversation.ts";
import type { Delivery } from "./delivery.ts";
import { cutOff, dropWaiting, showOutgoing, waitingBytes, write } from "./reader.ts";
import type { Reader } from "./reader.ts";

/** What a peer needs from its surroundings. */
export interface PeerParts extends Pick<LiveDoor, "clock" | "warn"> {
  readonly delivery: Delivery;
  readonly maxWaitingBytes: number;
  /** The address of the client, not of a proxy. */
  readonly address: string | undefined;
  /** There is no room for a frame that must arrive. */
  readonly onLost: (reader: Reader) => void;
  /** The door has said goodbye: nothing more is said. */
  readonly onEnded: (reader: Reader) => void;
}

/** How long a socket that was ended may take to read why. */
const GOODBYE_MS = 2_000;

/** One socket, as the rooms see it. A listener of the application (`onAnyOutgoing`) that throws ends here. */
export function createPeer(reader: Reader, parts: PeerParts): Omit<Peer, "identity"> {
  const { socket } = reader;
  const { delivery, warn } = parts;

  function emit(frame: string, ...args: readonly unknown[]): void {
    if (reader.ended) return;
    try {
      const packet = delivery.packets.single(frame, args);
      if (waitingBytes(reader) + packet.bytes > parts.maxWaitingBytes) return parts.onLost(reader);
      showOutgoing(reader, { frame, args });
      write(reader, packet);
    } catch (error) {
      warn("a frame could not be sent", { frame, error });
    }
  }

  return {
    id: socket.id,
    address: parts.address,
    userAgent: socket.handshake.headers["user-agent"],
    emit,
    enter: (channel) => delivery.enter(channel, reader),
    exit: (channel) => delivery.exit(channel, reader),
    end: (code, message) => endReader(reader, { ...parts, code, message }),
  };
}

/**
 * Says why, and ends the connection; who does not read that within 2 s is cut off. A stock client comes back by itself when that may
 * help, which is when the code is retryable: then the connection breaks. Otherwise the server disconnects it.
 */
export function endReader(
  reader: Reader,
  {
    clock,
    delivery,
    onEnded,
    code,
    message,
  }: Pick<PeerParts, "clock" | "delivery" | "onEnded"> & {
    readonly code: ErrorCode;
    readonly message: string;
  },
): void {
  if (reader.ended) return;
  reader.ended = true;
  const { socket, conn } = reader;
  const { retryable } = ERRORS[code];
  // Of what waits, this is all that still matters, unless it goes out at once.
  if (waitingBytes(reader) > 0) dropWaiting(reader);
  write(reader, delivery.packets.single("ended", [{ code, message, retryable } satisfies EndedFrame]));
  onEnded(reader);
  if (retryable) conn.close();
  else socket.disconnect(true);
  clock.after(GOODBYE_MS, () => cutOff(socket.conn));
}
