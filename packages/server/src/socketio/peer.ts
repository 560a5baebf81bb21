import { ERRORS } from "@livecache/wire";
import type { EndedFrame, ErrorCode } from "@livecache/wire";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Peer } from "../base/conversation.ts";
import type { Delivery } from "./delivery.ts";
import { cutOff, dropWaiting, showOutgoing, waitingBytes, write } from "./reader.ts";
import type { Reader } from "./reader.ts";

/** What peers need from their surroundings; all of a door share it. */
export interface PeerParts extends Goodbye {
  readonly warn: LiveDoor["warn"];
  readonly maxWaitingBytes: number;
  /** There is no room for a frame that must arrive. */
  readonly onLost: (reader: Reader) => void;
}

/** What saying goodbye needs. */
export interface Goodbye {
  readonly clock: LiveDoor["clock"];
  readonly delivery: Delivery;
  /** The door has said goodbye: nothing more is said. */
  readonly onEnded: (reader: Reader) => void;
}

/** How long a socket that was ended may take to read why. */
const GOODBYE_MS = 2_000;

/** One socket, as the rooms see it; `address` is the client's, not a proxy's. A listener of the application (`onAnyOutgoing`) that throws ends here. */
export class SocketPeer implements Omit<Peer, "identity"> {
  readonly address: string | undefined;
  readonly #reader: Reader;
  readonly #parts: PeerParts;

  constructor(reader: Reader, address: string | undefined, parts: PeerParts) {
    this.address = address;
    this.#reader = reader;
    this.#parts = parts;
  }

  get id(): string {
    return this.#reader.socket.id;
  }

  get userAgent(): string | undefined {
    return this.#reader.socket.handshake.headers["user-agent"];
  }

  emit(frame: string, ...args: readonly unknown[]): void {
    const reader = this.#reader;
    const { delivery, warn, maxWaitingBytes, onLost } = this.#parts;
    if (reader.ended) return;
    try {
      const packet = delivery.packets.single(frame, args);
      if (waitingBytes(reader) + packet.bytes > maxWaitingBytes) return onLost(reader);
      showOutgoing(reader, { frame, args });
      write(reader, packet);
    } catch (error) {
      warn("a frame could not be sent", { frame, error });
    }
  }

  enter(channel: string): void {
    this.#parts.delivery.enter(channel, this.#reader);
  }

  exit(channel: string): void {
    this.#parts.delivery.exit(channel, this.#reader);
  }

  end(code: ErrorCode, message: string): void {
    endReader(this.#reader, this.#parts, { code, message });
  }
}

/**
 * Says why, and ends the connection; who does not read that within 2 s is cut off. A stock client comes back by itself when that may
 * help, which is when the code is retryable: then the connection breaks. Otherwise the server disconnects it.
 */
export function endReader(
  reader: Reader,
  { clock, delivery, onEnded }: Goodbye,
  { code, message }: { readonly code: ErrorCode; readonly message: string },
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
