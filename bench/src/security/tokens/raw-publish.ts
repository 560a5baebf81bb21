import { createServer } from "node:http";
import { createClient } from "redis";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { listening } from "../../realtime/sites/listening.ts";
import type { Watched } from "./watched.ts";

const CHANNEL = "revoked";

/** The floor: a PUBLISH, a set in each process, and bare `ws`. A node that is away for a moment never hears of it. */
export async function openRawPublish(redisUrl: string): Promise<Watched> {
  const client = await createClient({ url: redisUrl }).connect();
  const listener = await createClient({ url: redisUrl }).connect();
  const revoked = new Set<string>();
  const sockets = new Map<string, WebSocket>();
  await listener.subscribe(CHANNEL, (jti) => {
    revoked.add(jti);
    sockets.get(jti)?.close();
  });
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  server.on("connection", (socket) => {
    socket.on("error", () => undefined);
    socket.once("message", (data) => {
      const jti = String(data);
      sockets.set(jti, socket);
      socket.once("close", () => sockets.delete(jti));
      socket.send("40");
    });
  });
  return {
    port: await listening(http, 0),
    revoke: (jti) => client.publish(CHANNEL, jti),
    isRevoked: (jti) => revoked.has(jti),
    async close() {
      server.close();
      http.close();
      client.destroy();
      listener.destroy();
    },
  };
}
