import { createClient } from "redis";
import type { Limiter, LimitSetting } from "./limiter.ts";

/** The floor, as it is written by hand: INCR, and EXPIRE when it was the first. A window begins anew all at once. */
export async function openRawIncr(redisUrl: string, { limit, windowS }: LimitSetting): Promise<Limiter> {
  const client = await createClient({ url: redisUrl }).connect();
  return {
    async take(subject) {
      const taken = await client.incr(`limit:${subject}`);
      if (taken === 1) await client.expire(`limit:${subject}`, windowS);
      return taken <= limit;
    },
    close: async () => client.destroy(),
  };
}
