import { WebSocket } from "ws";
import type { Dialect } from "./dialect.ts";

/** How a socket is opened. */
export interface SocketOpening {
  readonly port: number;
  readonly dialect: Dialect;
  readonly onMade: (socket: WebSocket) => void;
  /** Takes what the server sends; `true` once the connection is accepted, an error when it is turned away. */
  readonly onMessage: (data: Buffer) => true | Error | undefined;
  /** What is done before the socket counts as connected. */
  readonly enter: () => Promise<void>;
}

/** Longest that a server may take to accept a connection. */
const ACCEPT_WITHIN_MS = 60_000;

/**
 * Opens a socket. Rejects when it is turned away or cut off before it is where it wants to be; it is closed then, and what it still
 * receives counts for nothing.
 */
export async function openSocket({ port, dialect, onMade, onMessage, enter }: SocketOpening): Promise<void> {
  const path = dialect === "raw" ? "/" : "/socket.io/?EIO=4&transport=websocket";
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
    handshakeTimeout: ACCEPT_WITHIN_MS,
  });
  onMade(socket);
  let cut: (error: Error) => void = () => undefined;
  const isCut = new Promise<never>((_, reject) => (cut = reject));
  isCut.catch(() => undefined);
  const accepted = new Promise<void>((resolve) => {
    socket.on("message", (data: Buffer) => {
      const verdict = socket.readyState === WebSocket.OPEN ? onMessage(data) : undefined;
      if (verdict === true) resolve();
      else if (verdict) cut(verdict);
    });
    if (dialect === "raw") socket.once("open", () => resolve());
  });
  socket.on("error", cut);
  socket.once("close", () => cut(new Error("cut off while it connected")));
  try {
    await Promise.race([accepted, isCut]);
    await Promise.race([enter(), isCut]);
  } catch (error) {
    socket.terminate();
    throw error;
  }
}
