import { createLive, defineLimit } from "livecache";
import { openRedis } from "livecache/redis";
import { SECRET } from "../secret.ts";
import type { Limiter, LimitSetting } from "./limiter.ts";

/** A sliding window, as documented. */
export function openLivecache(redisUrl: string, setting: LimitSetting): Promise<Limiter> {
  return open(redisUrl, setting, "sliding-window");
}

/** GCRA: the whole limit at once, and then evenly spread. */
export function openLivecacheGcra(redisUrl: string, setting: LimitSetting): Promise<Limiter> {
  return open(redisUrl, setting, "gcra");
}

async function open(
  redisUrl: string,
  { limit, windowS }: LimitSetting,
  algorithm: "sliding-window" | "gcra",
): Promise<Limiter> {
  const live = createLive({ ground: await openRedis(redisUrl), secret: SECRET });
  const policy = defineLimit({ name: "bench", limit, window: `${windowS}s`, algorithm });
  return {
    take: async (subject) => (await live.limits.take({ policy, subject })).allowed,
    alone: () => live.limits.figures().local,
    close: () => live.close(),
  };
}
