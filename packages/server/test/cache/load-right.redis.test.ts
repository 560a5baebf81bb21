import { startRedis, until } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import { openRedis } from "../../src/redis/open.ts";

async function openSite() {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const open = async () => {
    const ground = await openRedis(redis.url, { commandTimeout: "1s" });
    const live = createLive({ ground, logger: { warn: () => undefined } });
    onTestFinished(live.close);
    await until(() => live.door.applied(), { what: "the log is followed", withinMs: 8_000 });
    return { live, ground };
  };
  return { open };
}

test("a load that takes longer than its lease is waited for by other nodes: the origin is asked once", async () => {
  const { open } = await openSite();
  const [{ live: one }, { live: two }] = [await open(), await open()];
  let loads = 0;
  const load = async () => {
    loads++;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    return loads;
  };
  const read = (live: typeof one) => live.cache.getOrSet("slow", load, { ttl: "1m", tags: ["t"] });
  const first = read(one);
  await until(() => loads === 1, { what: "the first node loads", withinMs: 5_000 });
  expect([await read(two), await first, loads]).toEqual([1, 1, 1]);
});

test("a node that dies while it loads keeps others waiting for its lease, which is less than a second", async () => {
  const { open } = await openSite();
  const [{ live }, { ground: dead }] = [await open(), await open()];
  // As a process that is killed: nobody extends the right, and nobody gives it back.
  const asked = await dead.realm("main").cacheStore.begin({ key: "k", leaseMs: 900 });
  expect(asked.state).toBe("granted");
  const beganAtMs = performance.now();
  expect(await live.cache.getOrSet("k", () => "loaded", { ttl: "1m", tags: ["t"] })).toBe("loaded");
  const waitedMs = performance.now() - beganAtMs;
  expect(waitedMs).toBeGreaterThan(500);
  expect(waitedMs).toBeLessThan(5_000);
});
