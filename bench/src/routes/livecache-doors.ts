import { createServer } from "node:http";
import express from "express";
import { createLive } from "livecache";
import type { Live } from "livecache";
import { cached } from "livecache/express";
import { createLane } from "livecache/lane";
import { openRedis } from "livecache/redis";
import { listening } from "./route.ts";
import type { OpenRoute, RouteSetting } from "./route.ts";

const SECRET = "a secret of the benchmark, shared by all its nodes";
const OPTIONS = { ttl: "1h", tags: ["item"], public: true } as const;

async function openLive(redisUrl: string): Promise<Live> {
  return createLive({ ground: await openRedis(redisUrl), secret: SECRET }) as unknown as Live;
}

/** Livecache as middleware in front of the handler of `openExpressConstant`, on Redis. */
export async function openLivecacheExpress({ redisUrl, load }: RouteSetting): Promise<OpenRoute> {
  const live = await openLive(redisUrl);
  const app = express();
  app.get("/item", cached(live, OPTIONS), async (_request, response) => void response.json(await load()));
  return listening(createServer(app), () => live.close());
}

/** The same application with a fast lane before it: what the framework has let through twice is answered ahead of it. */
export async function openLivecacheLane({ redisUrl, load }: RouteSetting): Promise<OpenRoute> {
  const live = await openLive(redisUrl);
  const lane = createLane(live);
  const app = express();
  app.get("/item", cached(live, { ...OPTIONS, lane }), async (_request, response) => {
    response.json(await load());
  });
  const server = createServer(app);
  lane.attach(server);
  const route = await listening(server, () => live.close());
  return { ...route, early: () => lane.figures().answered };
}
