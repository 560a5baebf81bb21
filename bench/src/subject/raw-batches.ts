import { createClient } from "redis";
import type { Subject, SubjectSetting } from "./subject.ts";

interface Waiting {
  readonly key: string;
  readonly resolve: (text: string | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * All GETs of one turn of the event loop as one command: `MGET`, or the same GETs written at once as a pipeline. No cache can get
 * values out of one connection faster.
 */
async function openBatched(
  { redisUrl, load }: SubjectSetting,
  as: "mget" | "pipeline" | "parsed",
): Promise<Subject> {
  const client = await createClient({ url: redisUrl }).connect();
  let waiting: Waiting[] = [];

  async function fetch(keys: string[]): Promise<readonly (string | null)[]> {
    if (as !== "pipeline") return client.mGet(keys);
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
      if (text !== null) return as === "parsed" ? JSON.parse(text) : text;
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

/** One MGET for each turn of the event loop, and an object made of each value. */
export function openParsedMget(setting: SubjectSetting): Promise<Subject> {
  return openBatched(setting, "parsed");
}

/** One pipeline of GETs for each turn of the event loop. */
export function openRawPipeline(setting: SubjectSetting): Promise<Subject> {
  return openBatched(setting, "pipeline");
}
