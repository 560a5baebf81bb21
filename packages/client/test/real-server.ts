import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { defineContract } from "@livecache/wire";
import express from "express";
import { createLive } from "livecache";
import { cached } from "livecache/express";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { z } from "zod";
import { onTestFinished } from "vitest";
import { clientOf } from "./rig.ts";

const contract = defineContract({
  channels: {
    "room/:room": {
      events: { said: z.string() },
      messages: { say: z.string().min(1) },
      whispers: { pointing: z.object({ x: z.number() }) },
      presence: true,
      typing: true,
    },
  },
  notifications: { assigned: z.object({ issueId: z.string() }) },
});

/** Opens a server of the real kind on a port; 0 is any. It ends with the test. */
export async function openRealServer(port = 0) {
  /** People who may not enter rooms, and how long an identity holds. */
  const rules = { barred: new Set<string>(), expiresInMs: undefined as number | undefined };
  const handled: string[] = [];
  let count = 0;
  const live = createLive({
    contract,
    secret: "a secret of at least thirty-two characters",
    identify({ auth }) {
      const userId = auth?.["user"];
      if (typeof userId !== "string") return undefined;
      const { expiresInMs } = rules;
      return { userId, ...(expiresInMs !== undefined && { expiresAt: Date.now() + expiresInMs }) };
    },
    authorize: {
      "room/:room": (identity) => identity !== undefined && !rules.barred.has(identity.userId),
    },
  });
  live.handle("room/:room", {
    async say({ data, publish }) {
      handled.push(data);
      await publish("said", data);
      return { length: data.length };
    },
  });
  const app = express();
  app.get("/count", cached(live, { ttl: "1m", tags: ["count"], push: true, public: true }), (_, response) => {
    response.json({ count, fixed: ["a", "b", "c", "d", "e", "f"].map((name) => name.repeat(40)) });
  });
  const http = createServer(app);
  const io = new Server(http, { transports: ["websocket"], serveClient: false, maxHttpBufferSize: 65_536 });
  attach(live, io);
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  const at = (http.address() as AddressInfo).port;
  async function close(): Promise<void> {
    await io.close();
    http.closeAllConnections();
    await live.close();
  }
  onTestFinished(close);
  return {
    ...{ live, rules, handled, close, port: at },
    url: `http://127.0.0.1:${at}`,
    /** Breaks every connection, as a network does. */
    cut: () => io.sockets.sockets.forEach((socket) => socket.conn.close()),
    sockets: () => io.engine.clientsCount,
    async raise() {
      count++;
      await live.change({ tags: ["count"] });
    },
    /** A client of a person. */
    clientFor: (user: string, options: Parameters<typeof clientOf>[1] = {}) =>
      clientOf({ url: `http://127.0.0.1:${at}` }, { socket: { auth: () => ({ user }) }, ...options }),
  };
}
