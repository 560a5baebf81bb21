import { createServer } from "node:http";
import type { RequestHandler } from "express";
import { createClient } from "redis";
import { Server } from "socket.io";
import { listen } from "./site.ts";
import type { Site } from "./site.ts";

/** What the tutorials write: five guides for adding Redis and Socket.IO to an Express application. */

export type ByHandClient = ReturnType<typeof createClient>;

/** Connects as the guides do, with the listener that the better ones attach. */
export async function connectByHand(site: Site): Promise<ByHandClient> {
  const client: ByHandClient = createClient({ url: site.redis.url }) as never;
  client.on("error", () => undefined);
  await client.connect();
  site.defer(() => client.destroy());
  return client;
}

/** Caches whatever a route answers, by its URL. */
export function cacheMiddleware(client: ByHandClient, seconds: number): RequestHandler {
  return async (req, res, next) => {
    const key = `__express__${req.originalUrl}`;
    const body = await client.get(key);
    if (body !== null) {
      res.json(JSON.parse(String(body)));
      return;
    }
    const sendResponse = res.json.bind(res);
    res.json = (sent: unknown) => {
      void client.setEx(key, seconds, JSON.stringify(sent));
      return sendResponse(sent);
    };
    next();
  };
}

/** Deletes what a pattern fits; answers how many. */
export async function deletePattern(client: ByHandClient, pattern: string): Promise<number> {
  const keys = await client.keys(pattern);
  return keys.length > 0 ? client.del(keys) : 0;
}

/** Drops what was cached of the URLs that begin so. */
export function clearCache(client: ByHandClient, url: string): Promise<number> {
  return deletePattern(client, `__express__${url}*`);
}

/** A Socket.IO server in which clients join the rooms that they name. */
export async function serveRooms(site: Site): Promise<{ readonly io: Server; readonly url: string }> {
  const http = createServer();
  const io = new Server(http, { cors: { origin: "*", methods: ["GET", "POST"] } });
  io.on("connection", (socket) => {
    socket.on("join_hostel", (hostelId: string) => void socket.join(hostelId));
  });
  const url = await listen(site, http);
  site.defer(() => io.close());
  return { io, url };
}
