import KeyvRedis from "@keyv/redis";
import { Cacheable } from "cacheable";
import { Keyv } from "keyv";
import { TTL_MS } from "./subject.ts";
import type { Subject, SubjectSetting } from "./subject.ts";

/**
 * As the README: the default memory store as primary, @keyv/redis as secondary. `getOrSet` takes no tags, so a tagged read is
 * written by hand from `get` and `set`, as the README's chapter on tags does; it then protects against no stampede. The optional
 * sync needs a message broker package of its own and is not used: other processes' memories are not told of changes.
 */
export async function openCacheable({ tier, redisUrl, tags, load }: SubjectSetting): Promise<Subject> {
  const far = (): Keyv => new Keyv({ store: new KeyvRedis(redisUrl) });
  const stores = {
    near: () => ({}),
    far: () => ({ primary: far() }),
    both: () => ({ secondary: far() }),
  };
  const cache = new Cacheable({ ...stores[tier](), ttl: TTL_MS, tags: tags.length > 0 });

  async function readTagged(key: string): Promise<unknown> {
    const found = await cache.get(key);
    if (found !== undefined) return found;
    const value = await load(key);
    await cache.set(key, value, { ttl: TTL_MS, tags: [...tags] });
    return value;
  }

  return {
    read: tags.length > 0 ? readTagged : (key) => cache.getOrSet(key, () => load(key), { ttl: TTL_MS }),
    changeTag: (tag) => cache.tags.invalidateTag(tag),
    changeKey: (key) => cache.delete(key),
    close: () => cache.disconnect(),
  };
}
