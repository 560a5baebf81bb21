import type { Response } from "express";
import { cached } from "livecache/express";
import type { Sourced } from "./answers.ts";
import type { TrainerLive } from "./live.ts";
import type { Meter } from "./meter.ts";
import type { Reading } from "./readings.ts";

/**
 * Answers what is read through the cache. The data stands there under the application's own keys, and each answer says where it came from: so
 * the answer itself is not kept, only watched. That is what a cached route does with one that says `no-store`.
 */
export function createReader(live: Pick<TrainerLive, "cache" | "door">, meter: Meter) {
  return {
    /** Before a handler that calls `answer`: the screens that show it are told when it has changed. */
    watched: cached(live, { ttl: "1s", vary: ["userId"], tags: ({ res }) => tagsOf(res?.locals["key"]) }),

    /** Answers `{ source, data }`, and notes how long the data took. */
    async answer<T>(response: Response, { family, ttl, key, load }: Reading<T>): Promise<void> {
      const startedMs = performance.now();
      const { value, source } = await live.cache.resolve(key, load, { ttl });
      const ms = performance.now() - startedMs;
      const body = JSON.stringify({ source, data: value } satisfies Sourced<T>);
      meter.note({ family, ttl, source, ms, bytes: Buffer.byteLength(body) });
      response.locals["key"] = key;
      response.set("Cache-Control", "no-store").type("json").send(body);
    },

    /** The data alone. */
    valueOf: <T>({ key, load, ttl }: Reading<T>): Promise<T> => live.cache.getOrSet(key, load, { ttl }),
  };
}
export type Reader = ReturnType<typeof createReader>;

/** A key, and what stands above it: `user:mia` voids `user:mia:progress`, like the pattern `user:mia:*`. */
function tagsOf(key: unknown): string[] {
  return typeof key === "string" ? [key, key.slice(0, key.lastIndexOf(":"))] : [];
}
