import { BentoCache, bentostore } from "bentocache";
import { memoryDriver } from "bentocache/drivers/memory";
import { redisBusDriver, redisDriver } from "bentocache/drivers/redis";
import { TTL_MS } from "./subject.ts";
import type { Subject, SubjectSetting } from "./subject.ts";

/**
 * As the guide's "multi-tier" page: memory driver, Redis driver, Redis bus. `serialize` stays at its default, because
 * `serialize: false` together with a Redis layer throws on the second read of an entry that came from Redis.
 */
export async function openBentocache({
  tier,
  redisUrl,
  tags,
  entries,
  load,
}: SubjectSetting): Promise<Subject> {
  const { hostname: host, port } = new URL(redisUrl);
  const connection = { host, port: Number(port) };
  const near = memoryDriver({ maxItems: entries + 1_000 });
  const far = redisDriver({ connection });
  const stores = {
    near: () => bentostore().useL1Layer(near),
    far: () => bentostore().useL2Layer(far),
    both: () => bentostore().useL1Layer(near).useL2Layer(far).useBus(redisBusDriver({ connection })),
  };
  const cache = new BentoCache({ default: "main", stores: { main: stores[tier]() } });
  const withTags = tags.length > 0 ? { tags: [...tags] } : {};
  return {
    read: (key) => cache.getOrSet({ key, ttl: TTL_MS, factory: () => load(key), ...withTags }),
    changeTag: (tag) => cache.deleteByTag({ tags: [tag] }),
    changeKey: (key) => cache.delete({ key }),
    close: () => cache.disconnectAll(),
  };
}
