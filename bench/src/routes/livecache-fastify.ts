import Fastify from "fastify";
import { cached } from "livecache/fastify";
import { CACHED, openNode } from "./livecache-node.ts";
import { listening } from "./route.ts";
import type { OpenRoute, RouteSetting } from "./route.ts";

/** Livecache as hooks of the route of `openFastifyConstant`, on Redis. */
export async function openLivecacheFastify({ redisUrl, load }: RouteSetting): Promise<OpenRoute> {
  const live = await openNode(redisUrl);
  const app = Fastify();
  app.get("/item", cached(live, CACHED), async () => load());
  await app.ready();
  return listening(app.server, async () => {
    await app.close();
    await live.close();
  });
}
