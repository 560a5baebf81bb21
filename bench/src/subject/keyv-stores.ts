import KeyvRedis from "@keyv/redis";
import { createCache } from "cache-manager";
import { KeyvCacheableMemory } from "cacheable";
import { Keyv } from "keyv";
import { TTL_MS } from "./subject.ts";
import type { Subject, SubjectSetting } from "./subject.ts";

/** As the README's example of several stores: memory from `cacheable`, then @keyv/redis. It has no tags; `clear` is what is left. */
export async function openCacheManager({ tier, redisUrl, load }: SubjectSetting): Promise<Subject> {
  const near = (): Keyv => new Keyv({ store: new KeyvCacheableMemory({ ttl: TTL_MS }) });
  const far = (): Keyv => new Keyv({ store: new KeyvRedis(redisUrl) });
  const stores = { near: () => [near()], far: () => [far()], both: () => [near(), far()] };
  const cache = createCache({ stores: stores[tier](), ttl: TTL_MS });
  return {
    read: (key) => cache.wrap(key, () => load(key)),
    changeTag: () => cache.clear(),
    changeKey: (key) => cache.del(key),
    close: () => cache.disconnect(),
  };
}
