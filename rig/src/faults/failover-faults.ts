import type { RedisProcess } from "../redis-process.ts";
import type { RedisCluster } from "../redis-cluster.ts";
import type { RedisSentinels } from "../redis-sentinels.ts";
import { kinds, pause } from "./fault-kind.ts";
import type { FaultKind, Heal, Strike } from "./fault-kind.ts";

const on = ["sentinels"] as const;
const inCluster = ["cluster"] as const;

function sentinelsOf({ site }: Strike): RedisSentinels {
  if (!site.sentinels) throw new Error("this fault is of a ground with Sentinels");
  return site.sentinels;
}

function clusterOf({ site }: Strike): RedisCluster {
  if (!site.cluster) throw new Error("this fault is of a cluster");
  return site.cluster;
}

/** Where the log of a realm lives in a cluster. */
const LOG_KEY = "{lc:main}:head";

/** The primary dies; healed, it comes back, and follows the one that took its place. */
function primaryKilled(lagMs: number): FaultKind["strike"] {
  return async (strike) => {
    const sentinels = sentinelsOf(strike);
    const former = await sentinels.primary();
    if (lagMs > 0) {
      await sentinels.lag();
      await pause(lagMs);
    }
    await former.kill();
    await sentinels.successorOf(former);
    return () => former.restart();
  };
}

async function freezePrimary(strike: Strike): Promise<Heal> {
  const sentinels = sentinelsOf(strike);
  const former = await sentinels.primary();
  former.freeze();
  await sentinels.successorOf(former);
  return () => former.thaw();
}

function ended(which: (strike: Strike) => Promise<RedisProcess>): FaultKind["strike"] {
  return async (strike) => {
    const server = await which(strike);
    await server.kill();
    return () => server.restart();
  };
}

/** What befalls a primary, two replicas, and the Sentinels that watch them. */
export const SENTINEL_FAULTS = kinds({
  failover: {
    ...{ on, forMs: [200, 1_500], reach: "all", loses: "once" },
    async strike(strike) {
      await sentinelsOf(strike).failover();
      return () => undefined;
    },
  },
  "primary-kill": { on, forMs: [500, 1_500], reach: "all", loses: "once", strike: primaryKilled(0) },
  "primary-kill-lagging": {
    on,
    forMs: [500, 1_500],
    reach: "all",
    loses: "once",
    strike: primaryKilled(700),
  },
  "primary-freeze": { on, forMs: [500, 1_500], reach: "all", loses: "once", strike: freezePrimary },
  "primary-bounce-empty": {
    ...{ on, forMs: [0, 50], reach: "all", loses: "once" },
    strike: ended((strike) => sentinelsOf(strike).primary()),
  },
  "replica-kill": {
    ...{ on, forMs: [500, 2_000], reach: "all" },
    strike: ended(async (strike) => strike.random.pick(await sentinelsOf(strike).replicas())),
  },
  "sentinel-kill": {
    ...{ on, forMs: [500, 2_000], reach: "all" },
    strike: ended(async (strike) => strike.random.pick(sentinelsOf(strike).sentinels)),
  },
});

async function ownerKilled(strike: Strike, key: string | number): Promise<Heal> {
  const cluster = clusterOf(strike);
  const former = await cluster.ownerOf(key);
  await former.kill();
  await cluster.successorOf(former, key);
  return async () => {
    await former.restart();
    await cluster.untilWhole();
  };
}

const SLOTS = 16_384;

/** What befalls a cluster. */
export const CLUSTER_FAULTS = kinds({
  "shard-failover": {
    ...{ on: inCluster, forMs: [200, 1_500], reach: "all", loses: "once" },
    async strike(strike) {
      const cluster = clusterOf(strike);
      const primary = await cluster.ownerOf(strike.random.integer(SLOTS));
      const [replica] = await cluster.replicasOf(primary);
      if (replica) await cluster.failover(replica);
      return () => undefined;
    },
  },
  "log-failover": {
    ...{ on: inCluster, forMs: [200, 1_500], reach: "all", loses: "once" },
    async strike(strike) {
      const cluster = clusterOf(strike);
      const [replica] = await cluster.replicasOf(await cluster.ownerOf(LOG_KEY));
      if (replica) await cluster.failover(replica, "TAKEOVER");
      return () => undefined;
    },
  },
  "shard-kill": {
    ...{ on: inCluster, forMs: [500, 1_500], reach: "all", loses: "once" },
    strike: (strike) => ownerKilled(strike, strike.random.integer(SLOTS)),
  },
  "log-kill": {
    ...{ on: inCluster, forMs: [500, 1_500], reach: "all", loses: "once" },
    strike: (strike) => ownerKilled(strike, LOG_KEY),
  },
  "slot-move": {
    ...{ on: inCluster, forMs: [300, 1_500], reach: "all" },
    async strike(strike) {
      const cluster = clusterOf(strike);
      const owner = await cluster.ownerOf(LOG_KEY);
      const others = new Set(
        await Promise.all(Array.from({ length: 12 }, (_, part) => cluster.ownerOf((part * SLOTS) / 12))),
      );
      others.delete(owner);
      const move = await cluster.moveSlot(LOG_KEY, strike.random.pick([...others]));
      await move.begin();
      await move.moveKeys(5);
      return async () => {
        // Keys come while others go.
        while ((await move.moveKeys()) > 0);
        await move.finish();
      };
    },
  },
});
