import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import type { Subject, SubjectSetting } from "./subject.ts";

const SECRET = "a secret of the benchmark, shared by all its nodes";
/** Enough for the values of every question: no contestant is measured while it evicts. */
const BYTES_PER_ENTRY = 4_096;
/** Smaller than any entry, so that the node's own memory never answers and every read goes to the ground. */
const NO_MEMORY_BYTES = 1_024;

/** As `createLive` is documented; the only choice is the size of the node's own memory. */
export async function openLivecache({
  tier,
  redisUrl,
  tags,
  entries,
  load,
}: SubjectSetting): Promise<Subject> {
  const maxBytes = tier === "far" ? NO_MEMORY_BYTES : 64 * 1024 * 1024 + entries * BYTES_PER_ENTRY;
  const live = createLive({
    ground: tier === "near" ? undefined : await openRedis(redisUrl),
    secret: SECRET,
    near: { maxBytes },
  });
  const options = { ttl: "1h", tags } as const;
  return {
    read: (key) => live.cache.getOrSet(key, () => load(key), options),
    changeTag: (tag) => live.change({ tags: [tag] }),
    changeKey: (key) => live.cache.delete(key),
    close: () => live.close(),
  };
}
