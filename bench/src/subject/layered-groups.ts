import { Redis } from "ioredis";
import { GroupLoader, RedisGroupCache } from "layered-loader";
import { TTL_MS } from "./subject.ts";
import type { Subject, SubjectSetting } from "./subject.ts";

type Value = Readonly<Record<string, unknown>>;

/** The same library with groups, its nearest thing to a tag: one group for each entry. Configured as the README's group loader. */
export async function openLayeredGroups({ redisUrl, tags, entries, load }: SubjectSetting): Promise<Subject> {
  const client = new Redis(redisUrl);
  const group = tags[0] ?? "all";
  // Unlike the flat loader it takes no plain function, only a data source.
  const getFromGroup = (key: string): Promise<Value> => load(key) as Promise<Value>;
  const origin = {
    name: "origin",
    getFromGroup,
    getManyFromGroup: (keys: string[]) => Promise.all(keys.map(getFromGroup)),
  };
  const loader = new GroupLoader<Value>({
    inMemoryCache: {
      cacheType: "lru-map",
      ttlInMsecs: TTL_MS,
      maxGroups: 1_000,
      maxItemsPerGroup: entries + 1_000,
    },
    asyncCache: new RedisGroupCache<Value>(client, {
      json: true,
      ttlInMsecs: TTL_MS,
      groupTtlInMsecs: TTL_MS,
    }),
    dataSources: [origin],
  });
  await loader.init();
  return {
    read: (key) => loader.get(key, group),
    changeTag: (tag) => loader.invalidateCacheForGroup(tag),
    changeKey: (key) => loader.invalidateCacheFor(key, group),
    close: async () => client.disconnect(),
  };
}
