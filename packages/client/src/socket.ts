import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { serverUrl } from "./http.ts";

/** What a handshake says of who connects. */
export type Auth = Record<string, unknown>;

/** How the socket reaches the server and says who it is. */
export interface SocketOptions {
  /** Path that Socket.IO is mounted on. Default: `/socket.io`. */
  readonly path?: string;
  /** Called before each attempt to connect and before what it gave expires; what it gives is the handshake's `auth`. */
  readonly auth?: () => Auth | Promise<Auth>;
}

/** A listener of a socket. */
// oxlint-disable-next-line typescript/no-explicit-any -- As Socket.IO types its own.
export type SocketListener = (...args: any[]) => void;

/** As much of a Socket.IO socket as the client uses. */
export interface LiveSocket {
  readonly connected: boolean;
  /** Whether the socket means to connect; `false` once the server has turned it away. */
  readonly active: boolean;
  readonly auth?: Auth | ((give: (auth: object) => void) => void);
  on(event: string, listener: SocketListener): unknown;
  off(event: string, listener: SocketListener): unknown;
  onAny(listener: SocketListener): unknown;
  offAny(listener: SocketListener): unknown;
  timeout(ms: number): {
    emit(frame: string, body: unknown, done: (error: unknown, reply: unknown) => void): unknown;
  };
  connect(): unknown;
  disconnect(): unknown;
}

/** The parts of the client's options that concern the socket. */
export interface SocketParts {
  readonly url?: string | undefined;
  readonly socket?: SocketOptions | (() => LiveSocket) | undefined;
  readonly headers?: (() => HeadersInit | Promise<HeadersInit>) | undefined;
  readonly credentials?: RequestCredentials | undefined;
}

/** How the connection makes its socket, readies it for an attempt, and says anew who it is. */
export interface SocketSource {
  makeSocket(): LiveSocket;
  /** Answers what the attempt will say of who connects, as text to be compared; `undefined`: nothing that this client knows of. */
  prepare(socket: LiveSocket): Promise<string | undefined>;
  /** `undefined`: there is nothing that could be said anew. */
  renew(socket: LiveSocket): Promise<object | undefined>;
}

/**
 * Chooses between the application's own socket and one of ours: WebSocket only, with its own underlying connection, and with
 * reconnecting left to the client.
 */
export function socketSource({ url, socket: choice, headers, credentials }: SocketParts): SocketSource {
  if (typeof choice === "function") {
    return {
      makeSocket: choice,
      prepare: async () => undefined,
      renew: async ({ auth }) =>
        typeof auth === "function" ? new Promise<object>((give) => auth(give)) : auth,
    };
  }
  const renew = async (): Promise<Auth | undefined> => choice?.auth?.();
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
      const ours = socket as Socket;
      ours.auth = (await renew()) ?? {};
      // For programs: a browser lets no page add headers to a WebSocket, and names the page's origin itself.
      const { origin } = serverUrl(url);
      const own = Object.fromEntries(new Headers(await headers?.()));
      ours.io.opts.extraHeaders = { origin, ...own };
      const said = JSON.stringify([ours.auth, own]);
      return said === "[{},{}]" ? undefined : said;
    },
    renew,
  };
}
