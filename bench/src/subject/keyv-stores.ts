import { createKeyv as createKeyvRedis } from "@keyv/redis";
import { createCache } from "cache-manager";
import { createKeyv } from "cacheable";
import type { Keyv } from "keyv";
import { TTL_MS } from "./subject.ts";
import type { Subject, SubjectSetting } from "./subject.ts";

/** As the README's example of several stores: `createKeyv` of `cacheable`, then that of @keyv/redis. It has no tags; `clear` is what is left. */
export async function openCacheManager({ tier, redisUrl, load }: SubjectSetting): Promise<Subject> {
  const near = (): Keyv => createKeyv({ ttl: TTL_MS }) as unknown as Keyv;
  const far = (): Keyv => createKeyvRedis(redisUrl) as unknown as Keyv;
  const stores = { near: () => [near()], far: () => [far()], both: () => [near(), far()] };
  const cache = createCache({ stores: stores[tier](), ttl: TTL_MS });
  return {
    read: (key) => cache.wrap(key, () => load(key)),
    changeTag: () => cache.clear(),
    changeKey: (key) => cache.del(key),
    close: () => cache.disconnect(),
  };
}
