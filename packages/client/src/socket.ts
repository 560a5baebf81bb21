import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { serverUrl } from "./http.ts";

/** How the socket reaches the server and says who it is. */
export interface SocketOptions {
  /** Path that Socket.IO is mounted on. Default: `/socket.io`. */
  readonly path?: string;
  /** Called before each attempt to connect; what it gives is the handshake's `auth`, so that an expired token is never presented. */
  readonly auth?: () => Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** The parts of the client's options that concern the socket. */
export interface SocketParts {
  readonly url: string | undefined;
  readonly socket: SocketOptions | (() => Socket) | undefined;
  readonly headers: (() => HeadersInit | Promise<HeadersInit>) | undefined;
  readonly credentials: RequestCredentials | undefined;
}

/** How the connection makes its socket and readies it for an attempt. */
export interface SocketSource {
  readonly makeSocket: () => Socket;
  readonly prepare: (socket: Socket) => Promise<void>;
}

/**
 * Chooses between the application's own socket and one of ours: WebSocket only, with its own underlying connection, and with
 * reconnecting left to the client.
 */
export function socketSource({ url, socket: choice, headers, credentials }: SocketParts): SocketSource {
  if (typeof choice === "function") return { makeSocket: choice, prepare: async () => {} };
  return {
    makeSocket: () =>
      io(serverUrl(url).origin, {
        path: choice?.path ?? "/socket.io",
        transports: ["websocket"],
        withCredentials: credentials === "include",
        timeout: 5_000,
        forceNew: true,
        autoConnect: false,
        reconnection: false,
      }),
    async prepare(socket) {
      socket.auth = (await choice?.auth?.()) ?? {};
      // For programs: a browser lets no page add headers to a WebSocket, and names the page's origin itself.
      const { origin } = serverUrl(url);
      socket.io.opts.extraHeaders = { origin, ...Object.fromEntries(new Headers(await headers?.())) };
    },
  };
}
