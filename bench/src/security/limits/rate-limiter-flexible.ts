import { Redis } from "ioredis";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { createClient } from "redis";
import type { Limiter, LimitSetting } from "./limiter.ts";

function limiterOf(client: unknown, { limit, windowS }: LimitSetting, usesNodeRedis: boolean) {
  const limiter = new RateLimiterRedis({
    storeClient: client,
    points: limit,
    duration: windowS,
    useRedisPackage: usesNodeRedis,
  });
  return async (subject: string): Promise<boolean> => {
    try {
      await limiter.consume(subject);
      return true;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return false;
      throw refusal;
    }
  };
}

/** On ioredis, as its documentation shows it first: its script is sent by name. */
export async function openFlexible(redisUrl: string, setting: LimitSetting): Promise<Limiter> {
  const client = new Redis(redisUrl, { enableOfflineQueue: false, lazyConnect: true });
  await client.connect();
  return { take: limiterOf(client, setting, false), close: async () => client.disconnect() };
}

/** On node-redis, which Livecache uses: its script is sent whole each time. */
export async function openFlexibleNodeRedis(redisUrl: string, setting: LimitSetting): Promise<Limiter> {
  const client = await createClient({ url: redisUrl, disableOfflineQueue: true }).connect();
  return { take: limiterOf(client, setting, true), close: async () => client.destroy() };
}
