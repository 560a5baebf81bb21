import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { cached } from "livecache/hono";
import { CACHED, openNode } from "./livecache-node.ts";
import { listening } from "./route.ts";
import type { OpenRoute, RouteSetting } from "./route.ts";

/** Livecache as middleware in front of the handler of `openHonoConstant`, on Redis. */
export async function openLivecacheHono({ redisUrl, load }: RouteSetting): Promise<OpenRoute> {
  const live = await openNode(redisUrl);
  const app = new Hono();
  app.get("/item", cached(live, CACHED), async (context) => context.json((await load()) as object));
  return listening(createAdaptorServer({ fetch: app.fetch }) as Server, () => live.close());
}
