import { LRUCache } from "lru-cache";
import { createClient } from "redis";
import { TTL_MS } from "./subject.ts";
import type { Subject, SubjectSetting } from "./subject.ts";

/** An in-process map with a bound and nothing else. Its answer is awaited, as every contestant's is. */
export async function openLru({ entries, load }: SubjectSetting): Promise<Subject> {
  const cache = new LRUCache<string, object>({ max: entries + 1_000 });
  return {
    read(key) {
      const found = cache.get(key);
      // Awaiting a plain value costs one turn of the microtask queue, which nobody who awaits gets below.
      if (found !== undefined) return found as unknown as Promise<unknown>;
      return load(key).then((value) => {
        cache.set(key, value as object);
        return value;
      });
    },
    close: async () => cache.clear(),
  };
}

/** One GET of node-redis for each read; what comes back stays a string. A change is one SET. */
export async function openRawRedis({ redisUrl, load }: SubjectSetting): Promise<Subject> {
  const client = await createClient({ url: redisUrl }).connect();
  async function fill(key: string): Promise<unknown> {
    const text = JSON.stringify(await load(key));
    await client.set(key, text, { expiration: { type: "PX", value: TTL_MS } });
    return text;
  }
  return {
    read: async (key) => (await client.get(key)) ?? fill(key),
    changeTag: (tag) => client.set(`floor/${tag}`, "1"),
    close: async () => client.destroy(),
  };
}

/** A map in the process, emptied key by key as messages come in: the least that keeps the memories of several processes in step. */
export async function openRawPublish({ redisUrl, load }: SubjectSetting): Promise<Subject> {
  const client = await createClient({ url: redisUrl }).connect();
  const listener = await createClient({ url: redisUrl }).connect();
  const values = new Map<string, unknown>();
  await listener.subscribe("floor-changes", (key) => void values.delete(key));
  return {
    async read(key) {
      if (!values.has(key)) values.set(key, await load(key));
      return values.get(key);
    },
    async changeKey(key) {
      values.delete(key);
      await client.publish("floor-changes", key);
    },
    async close() {
      client.destroy();
      listener.destroy();
    },
  };
}

/** What tutorials and the five original applications write by hand: GET and parse, else load and SETEX; KEYS and DEL to void. */
export async function openTutorial({ redisUrl, tags, load }: SubjectSetting): Promise<Subject> {
  const client = await createClient({ url: redisUrl }).connect();
  const tag = tags[0] ?? "all";
  return {
    async read(key) {
      const found = await client.get(`${tag}:${key}`);
      if (found !== null) return JSON.parse(found);
      const value = await load(key);
      await client.setEx(`${tag}:${key}`, TTL_MS / 1_000, JSON.stringify(value));
      return value;
    },
    async changeTag(pattern) {
      const keys = await client.keys(`${pattern}:*`);
      if (keys.length > 0) await client.del(keys);
    },
    changeKey: (key) => client.del(`${tag}:${key}`),
    close: async () => client.destroy(),
  };
}
