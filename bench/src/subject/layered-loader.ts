import { Redis } from "ioredis";
import { Loader, RedisCache, createNotificationPair } from "layered-loader";
import { TTL_MS } from "./subject.ts";
import type { Subject, SubjectSetting } from "./subject.ts";

type Value = Readonly<Record<string, unknown>>;

/** As the README: `lru-map` memory, Redis with JSON, and its notification pair. A flat loader has no tags; clearing it is what is left. */
export async function openLayeredLoader({ tier, redisUrl, entries, load }: SubjectSetting): Promise<Subject> {
  const clients: Redis[] = [];
  const connect = (): Redis => {
    const client = new Redis(redisUrl);
    clients.push(client);
    return client;
  };
  const near = { cacheType: "lru-map", ttlInMsecs: TTL_MS, maxItems: entries + 1_000 } as const;
  const far = (): RedisCache<Value> =>
    new RedisCache<Value>(connect(), { json: true, ttlInMsecs: TTL_MS, prefix: "loader" });
  const pair = (): object => {
    const { consumer, publisher } = createNotificationPair<Value>({
      channel: "loader-changes",
      consumerRedis: connect(),
      publisherRedis: connect(),
    });
    return { notificationConsumer: consumer, notificationPublisher: publisher };
  };
  const loader = new Loader<Value>({
    ...(tier === "far" ? {} : { inMemoryCache: near }),
    ...(tier === "near" ? {} : { asyncCache: far() }),
    ...(tier === "both" ? pair() : {}),
    dataSourceGetOneFn: (key) => load(key) as Promise<Value>,
  });
  await loader.init();
  return {
    read: (key) => loader.get(key),
    changeTag: () => loader.invalidateCache(),
    changeKey: (key) => loader.invalidateCacheFor(key),
    async close() {
      for (const client of clients) client.disconnect();
    },
  };
}
