import { createCache } from "async-cache-dedupe";
import { Redis } from "ioredis";
import { TTL_MS } from "./subject.ts";
import type { Subject, SubjectSetting } from "./subject.ts";

/**
 * As the README: memory or Redis storage (there is no combination of the two), `invalidation` switched on for references, whose
 * own TTL is raised to that of the entries, else an invalidation finds nothing after a minute.
 */
export async function openAsyncCacheDedupe({
  tier,
  redisUrl,
  tags,
  entries,
  load,
}: SubjectSetting): Promise<Subject> {
  const seconds = TTL_MS / 1_000;
  const client = tier === "near" ? undefined : new Redis(redisUrl);
  const storage = client
    ? ({ type: "redis", options: { client, invalidation: { referencesTTL: seconds } } } as const)
    : ({ type: "memory", options: { size: entries + 1_000, invalidation: true } } as const);
  const options = tags.length > 0 ? { references: () => [...tags] } : {};
  // Its types name the storage's client by another copy of ioredis.
  const cache = createCache({ ttl: seconds, storage: storage as never }).define(
    "item",
    options,
    (key: string) => load(key),
  );
  return {
    read: (key) => cache.item(key),
    changeTag: (tag) => cache.invalidate("item", [tag]),
    changeKey: (key) => cache.clear("item", key),
    close: async () => client?.disconnect(),
  };
}
