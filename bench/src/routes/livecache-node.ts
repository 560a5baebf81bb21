import { createLive } from "livecache";
import type { Live } from "livecache";
import { openRedis } from "livecache/redis";

const SECRET = "a secret of the benchmark, shared by all its nodes";

/** How the route is cached, whatever the framework. */
export const CACHED = { ttl: "1h", tags: ["item"], public: true } as const;

/** A node on Redis, as documented. */
export async function openNode(redisUrl: string): Promise<Live> {
  return createLive({ ground: await openRedis(redisUrl), secret: SECRET }) as unknown as Live;
}
