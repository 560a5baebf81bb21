import { startCluster, until } from "@livecache/rig";
import type { RedisCluster } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import { refuseUnhandledRejections } from "../redis/redis-site.ts";
import { openFleetNode } from "./fleet.ts";
import { loadCache, loadEvents, loadSessions, loadTokens } from "./loads.ts";
import type { Load } from "./loads.ts";

refuseUnhandledRejections();

const keyspace = createKeyspace({ prefix: "lc", database: 0, realm: "main" });
const REALM = keyspace.head;
const ENTRY = keyspace.entry("value:a");

/** Moves a slot to the primary that comes after its owner, a few keys at a time, with work going on in between. */
async function moveSlot(cluster: RedisCluster, key: string, between: () => Promise<void>): Promise<void> {
  const from = await cluster.ownerOf(key);
  const [to] = cluster.nodes.slice(0, 3).filter((node) => node !== from);
  const move = await cluster.moveSlot(key, to!);
  await move.begin();
  await between();
  await move.moveKeys(1);
  await between();
  // The load goes on writing, also what comes after a look at what is left.
  await until(async () => (await move.moveKeys()) === 0, { what: "all keys have moved", withinMs: 10_000 });
  await move.finish();
  expect((await cluster.ownerOf(key)).id).toBe(to!.id);
}

/** Puts the replica of a key's owner in its place. A primary that has just lost its office needs a moment to follow its successor. */
async function promote(cluster: RedisCluster, key: string, mode?: "FORCE"): Promise<void> {
  const owner = await cluster.ownerOf(key);
  const replica = await until(async () => (await cluster.replicasOf(owner))[0], {
    what: "it has a replica",
    withinMs: 10_000,
  });
  await cluster.failover(replica, mode);
  expect(await cluster.successorOf(owner, key)).toBe(replica);
}

async function untilFurther(loads: readonly Load[]): Promise<void> {
  const goals = loads.map((load) => load.steps() + 5);
  await until(() => loads.every((load, index) => load.steps() >= goals[index]!), {
    what: "the loads go on",
    withinMs: 30_000,
  });
}

test("slots move and primaries change in the middle of writes and reads: nothing stale, no silent gap, nobody revoked, no session back", async () => {
  const cluster = await startCluster({ shards: 3, replicasPerShard: 1 });
  onTestFinished(cluster.close);
  const address = { cluster: cluster.addresses };
  const nodes = [await openFleetNode(address), await openFleetNode(address)];
  const loads = [loadCache(nodes), await loadEvents(nodes), loadTokens(nodes), loadSessions(nodes)];
  await untilFurther(loads);

  // Reads and writes of its entries go on while a slot moves: half of them are asked for elsewhere.
  await moveSlot(cluster, ENTRY, () => untilFurther(loads));
  await untilFurther(loads);
  // Scripts of the realm need all of its keys in one place: while they move, they fail, and pass by.
  await moveSlot(cluster, REALM, async () => {
    await nodes[0]!.change({ tags: ["a"] }).catch(() => undefined);
  });
  await untilFurther(loads);

  await promote(cluster, REALM);
  await untilFurther(loads);
  await promote(cluster, ENTRY, "FORCE");
  await untilFurther(loads);
  const owner = await cluster.ownerOf(REALM);
  await owner.kill();
  await cluster.successorOf(owner, REALM);
  await untilFurther(loads);
  for (const load of loads) expect(await load.stop()).toEqual([]);
});
