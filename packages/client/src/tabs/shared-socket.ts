import { LiveError } from "@livecache/wire";
import { refuseUnknown } from "../known-names.ts";
import { socketSource } from "../socket.ts";
import type { LiveSocket, SocketOptions } from "../socket.ts";
import { TabSocket } from "./tab-socket.ts";

/** Options of {@link sharedSocket}. */
export interface SharedSocketOptions extends SocketOptions {
  /**
   * Tabs of one name share one socket, and with it who they are: name it after the person who is signed in, so that tabs of different
   * people never share.
   */
  readonly name: string;
  /** The server's address. Default: the page's own. */
  readonly url?: string;
  /** `"include"` sends cookies to a server on another origin. */
  readonly credentials?: RequestCredentials;
}

/**
 * For the client's option `socket`: all tabs of the browser use one socket, which one of them holds. When that tab is closed or dies the
 * next one takes over at once, and every tab goes on where it stood. In browsers without Web Locks or `BroadcastChannel`, and in
 * programs, each client has a socket of its own.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an unknown option or an empty name
 */
export function sharedSocket(options: SharedSocketOptions): () => LiveSocket {
  refuseUnknown("sharedSocket", options, ["name", "url", "path", "auth", "credentials"]);
  const { name, url, path = "/socket.io", auth, credentials } = options;
  if (typeof name !== "string" || name === "") {
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      `sharedSocket: name: expected the name of the person who is signed in, received ${JSON.stringify(name)}.`,
    );
  }
  const source = socketSource({ url, socket: { path, ...(auth && { auth }) }, credentials });
  return () => new TabSocket(source, JSON.stringify(["livecache", url ?? "", path, name]));
}
