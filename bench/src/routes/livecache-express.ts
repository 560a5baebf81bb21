import { createServer } from "node:http";
import express from "express";
import { cached } from "livecache/express";
import { createLane } from "livecache/lane";
import { CACHED, openNode } from "./livecache-node.ts";
import { listening } from "./route.ts";
import type { OpenRoute, RouteSetting } from "./route.ts";

/** Livecache as middleware in front of the handler of `openExpressConstant`, on Redis. */
export async function openLivecacheExpress({ redisUrl, load }: RouteSetting): Promise<OpenRoute> {
  const live = await openNode(redisUrl);
  const app = express();
  app.get("/item", cached(live, CACHED), async (_request, response) => void response.json(await load()));
  return listening(createServer(app), () => live.close());
}

/** The same application with a fast lane before it: what the framework has let through twice is answered ahead of it. */
export async function openLivecacheLane({ redisUrl, load }: RouteSetting): Promise<OpenRoute> {
  const live = await openNode(redisUrl);
  const lane = createLane(live);
  const app = express();
  app.get("/item", cached(live, { ...CACHED, lane }), async (_request, response) => {
    response.json(await load());
  });
  const server = createServer(app);
  lane.attach(server);
  const route = await listening(server, () => live.close());
  return { ...route, early: () => lane.figures().answered };
}
