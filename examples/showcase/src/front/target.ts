import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** Where a request is handed on to. */
export interface Target {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** A server of this process, which need not listen for that. */
export function inProcess(http: Server): Target {
  return {
    request: (request, response) => void http.emit("request", request, response),
    upgrade(request, socket, head) {
      if (!http.emit("upgrade", request, socket, head)) socket.destroy();
    },
  };
}

/** Lets a server hand on everything that it gets. */
export function serveTarget(http: Server, target: Target): Server {
  return http.on("request", target.request).on("upgrade", target.upgrade);
}
