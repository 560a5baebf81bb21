import { createLive } from "livecache";
import type { GetOrSetOptions } from "livecache";
import { openRedis } from "livecache/redis";
import type { Subject, SubjectSetting } from "./subject.ts";

const SECRET = "a secret of the benchmark, shared by all its nodes";
/** Enough for the values of every question: no contestant is measured while it evicts. */
const BYTES_PER_ENTRY = 4_096;
/** Smaller than any entry, so that the node's own memory never answers and every read goes to the ground. */
const NO_MEMORY_BYTES = 1_024;

/** As `createLive` is documented; the only choice is the size of the node's own memory. */
export function openLivecache(setting: SubjectSetting): Promise<Subject> {
  return open(setting, {});
}

/** With a memory of ample size that every read has the ground confirm: `consistency: "fresh"`. */
export function openLivecacheFresh(setting: SubjectSetting): Promise<Subject> {
  return open({ ...setting, tier: "both" }, { consistency: "fresh" });
}

async function open(
  { tier, redisUrl, tags, entries, load }: SubjectSetting,
  freshness: Pick<GetOrSetOptions, "consistency">,
): Promise<Subject> {
  const maxBytes = tier === "far" ? NO_MEMORY_BYTES : 64 * 1024 * 1024 + entries * BYTES_PER_ENTRY;
  const live = createLive({
    ground: tier === "near" ? undefined : await openRedis(redisUrl),
    secret: SECRET,
    near: { maxBytes },
  });
  const options: GetOrSetOptions = { ttl: "1h", tags, ...freshness };
  return {
    read: (key) => live.cache.getOrSet(key, () => load(key), options),
    changeTag: (tag) => live.change({ tags: [tag] }),
    changeKey: (key) => live.cache.delete(key),
    close: () => live.close(),
  };
}
