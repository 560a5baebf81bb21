import type { Socket } from "socket.io";
import type { Cancel, Clock } from "../base/clock.ts";

/** Most bytes that may wait for one socket. */
const MAX_WAITING_BYTES = 1024 * 1024;

const SWEEP_EVERY_MS = 1_000;

/**
 * Looks every second for sockets that do not read: more than 1 MiB waits to be sent to them. Their connection is ended and what
 * waits is thrown away; the client comes back by itself and catches up as after any break. Runs until the returned function is called.
 */
export function sweepSlowReaders(
  clock: Clock,
  sockets: () => Iterable<Socket>,
  onEnded: (socket: Socket) => void,
): Cancel {
  let cancel = clock.after(SWEEP_EVERY_MS, sweep);
  function sweep(): void {
    for (const socket of sockets()) {
      if (waitingBytes(socket) <= MAX_WAITING_BYTES) continue;
      onEnded(socket);
      socket.conn.close(true);
    }
    cancel = clock.after(SWEEP_EVERY_MS, sweep);
  }
  return () => cancel();
}

/** Engine.IO keeps what the transport has not taken yet in a list of packets, and offers no other way to see it. */
function waitingBytes({ conn }: Socket): number {
  let bytes = 0;
  for (const { data } of conn["writeBuffer"]) {
    bytes += typeof data === "string" ? data.length : ((data as Buffer | undefined)?.byteLength ?? 0);
  }
  return bytes;
}
