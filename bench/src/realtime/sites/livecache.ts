import { createServer } from "node:http";
import express from "express";
import { createLive } from "livecache";
import { cached } from "livecache/express";
import { openRedis } from "livecache/redis";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { CONTRACT } from "./contract.ts";
import { listening } from "./listening.ts";
import type { Site, SiteSetting } from "./site.ts";
import { createSiteOrigin } from "./site-origin.ts";

const SECRET = "a secret of the benchmark, shared by all its nodes";

/** As documented: an identity for each socket, history on, all limits in force. */
export async function openLivecache(setting: SiteSetting): Promise<Site> {
  return open(setting, await openRedis(setting.redisUrl));
}

/** With nothing installed: the ground is this process's memory. */
export function openLivecacheInMemory(setting: SiteSetting): Promise<Site> {
  return open(setting, undefined);
}

/** The same, and the one route pushes what it has become. */
export async function openLivecachePush(setting: SiteSetting): Promise<Site> {
  return open(setting, await openRedis(setting.redisUrl), true);
}

async function open(
  { port, loadMs }: SiteSetting,
  ground: Awaited<ReturnType<typeof openRedis>> | undefined,
  push = false,
): Promise<Site> {
  const live = createLive({
    ground,
    secret: SECRET,
    contract: CONTRACT,
    identify: ({ auth }) => ({ userId: String((auth as { user?: string } | undefined)?.user ?? "nobody") }),
    authorize: {
      "room/:id": () => true,
      "lobby/:id": () => true,
      "hall/:id": () => true,
      "region/:cell": () => true,
    },
  });
  const origin = createSiteOrigin(loadMs);
  const app = express();
  app.get("/item", cached(live, { ttl: "1h", tags: ["item"], public: true, push }), async (_, res) => {
    res.json(await origin.load());
  });
  const http = createServer(app);
  const io = new Server(http, { transports: ["websocket"], maxHttpBufferSize: 65_536 });
  attach(live, io);
  const event = (room: string, tick: Parameters<Site["publish"]>[1]) => {
    const [kind, id] = room.split("/") as [string, string];
    return live.event(`${kind}/:id` as "room/:id", { id }, "tick", tick);
  };
  return {
    port: await listening(http, port),
    publish: (room, tick) => live.change({ emit: [event(room, tick)] }),
    change: (tags, room, tick) => live.change({ tags, emit: [event(room, tick)] }),
    // A client asks itself, with the frame "presence".
    present: async () => Number.NaN,
    loads: origin.loads,
    async close() {
      await io.close();
      await live.close();
    },
  };
}
