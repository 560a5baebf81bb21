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

/** One GET of node-redis for each read; what comes back stays a string. */
export async function openRawRedis({ redisUrl, load }: SubjectSetting): Promise<Subject> {
  const client = await createClient({ url: redisUrl }).connect();
  async function fill(key: string): Promise<unknown> {
    const text = JSON.stringify(await load(key));
    await client.set(key, text, { expiration: { type: "PX", value: TTL_MS } });
    return text;
  }
  return {
    read: async (key) => (await client.get(key)) ?? fill(key),
    close: async () => client.destroy(),
  };
}

/**
 * All GETs of one turn of the event loop as one command: `MGET`, or the same GETs written at once as a pipeline. No cache can get
 * values out of one connection faster.
 */
async function openBatched({ redisUrl, load }: SubjectSetting, as: "mget" | "pipeline"): Promise<Subject> {
  const client = await createClient({ url: redisUrl }).connect();
  type Waiting = { key: string; resolve: (text: string | null) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];

  async function fetch(keys: string[]): Promise<readonly (string | null)[]> {
    if (as === "mget") return client.mGet(keys);
    const pipeline = client.multi();
    for (const key of keys) pipeline.get(key);
    return (await pipeline.execAsPipeline()) as unknown as (string | null)[];
  }

  function flush(): void {
    const batch = waiting;
    waiting = [];
    fetch(batch.map(({ key }) => key)).then(
      (texts) => batch.forEach(({ resolve }, index) => resolve(texts[index] ?? null)),
      (error: unknown) => batch.forEach(({ reject }) => reject(error)),
    );
  }

  return {
    async read(key) {
      const text = await new Promise<string | null>((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ key, resolve, reject });
      });
      if (text !== null) return text;
      const loaded = JSON.stringify(await load(key));
      await client.set(key, loaded);
      return loaded;
    },
    close: async () => client.destroy(),
  };
}

/** One MGET for each turn of the event loop. */
export function openRawMget(setting: SubjectSetting): Promise<Subject> {
  return openBatched(setting, "mget");
}

/** One pipeline of GETs for each turn of the event loop. */
export function openRawPipeline(setting: SubjectSetting): Promise<Subject> {
  return openBatched(setting, "pipeline");
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
