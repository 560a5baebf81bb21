import type { RedisAddress } from "livecache/redis";
import { startRedis } from "../redis-process.ts";
import type { StartRedisOptions } from "../redis-process.ts";
import { startSentinels } from "../redis-sentinels.ts";
import { until } from "../until.ts";

/** A Redis that can lose what was written to it, again and again. */
export interface LossSite {
  readonly address: RedisAddress;
  /** What is acknowledged from now on will be lost. */
  begin(): Promise<unknown>;
  /** Loses it. Resolves when there is a Redis that takes writes. */
  lose(): Promise<unknown>;
  /** Makes ready for the next time. */
  recover(): Promise<unknown>;
  close(): Promise<void>;
}

/** A way to lose data, or one that looks like it. */
export interface Loss {
  /** False for what loses nothing: there, a new epoch is a false alarm. */
  readonly isLoss: boolean;
  open(): Promise<LossSite>;
}

/** All of them by name. */
export const LOSSES: Readonly<Record<string, Loss>> = {
  /** Everything is deleted, and connections go on. */
  flushall: {
    isLoss: true,
    open: () => single({}, { lose: (redis) => redis.call("FLUSHALL") }),
  },
  /** Killed, and started again with nothing. */
  empty: { isLoss: true, open: () => single({}, { lose: (redis) => redis.restart() }) },
  /** Killed, and started again with what it held earlier. */
  "old-data": {
    isLoss: true,
    open: () => single({}, { begin: (redis) => redis.call("SAVE"), lose: (redis) => redis.restart() }),
  },
  /** A replica that had fallen behind becomes the primary. */
  failover: { isLoss: true, open: laggingFailover },
  /** Killed, and started again with everything. */
  lossless: {
    isLoss: false,
    open: () =>
      single(
        { config: ["--appendonly", "yes", "--appendfsync", "always"] },
        { lose: (redis) => redis.restart() },
      ),
  },
};

type Redis = Awaited<ReturnType<typeof startRedis>>;
type Step = (redis: Redis) => Promise<unknown>;

async function single(
  options: StartRedisOptions,
  { begin, lose }: { readonly begin?: Step; readonly lose: Step },
): Promise<LossSite> {
  const redis = await startRedis(options);
  return {
    address: redis.url,
    begin: async () => begin?.(redis),
    lose: () => lose(redis),
    recover: async () => undefined,
    close: redis.close,
  };
}

async function laggingFailover(): Promise<LossSite> {
  const site = await startSentinels();
  const lost: Redis[] = [];
  return {
    address: { sentinels: site.addresses, name: site.name },
    begin: () => site.lag(),
    async lose() {
      const former = await site.primary();
      lost.push(former);
      await former.kill();
      await site.successorOf(former);
    },
    async recover() {
      await Promise.all(lost.splice(0).map((former) => former.restart()));
      await until(() => site.catchUp().then(() => true), { what: "all follow again", withinMs: 30_000 });
    },
    close: site.close,
  };
}
