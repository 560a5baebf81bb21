import { until } from "@livecache/rig";
import { expect, onTestFinished, test, vi } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import type { Ground } from "../../src/ports/ground.ts";
import { openRedis } from "../../src/redis/open.ts";
import { openSite } from "./redis-site.ts";

function open(ground: Ground): Live {
  const live = createLive({ ground, secret: "a secret that is long enough for everybody" });
  onTestFinished(() => live.close());
  return live;
}

test("two nodes that warm the same 300 keys at the same time load each once", async () => {
  const site = await openSite();
  const nodes = [open(site.ground), open(await site.openOther())] as const;
  const loads = new Map<string, number>();
  const items = Array.from({ length: 300 }, (_, index) => `row:${index}`).map((key) => ({
    key,
    ttl: "long" as const,
    load: () => {
      loads.set(key, (loads.get(key) ?? 0) + 1);
      return key;
    },
  }));
  const [one, two] = await Promise.all(nodes.map((node) => node.cache.warm(items, { concurrency: 8 })));
  expect([...loads.values()]).toEqual(Array.from({ length: 300 }, () => 1));
  expect(one!.loaded + two!.loaded).toBe(300);
  expect([one, two]).toMatchObject([
    { done: 300, failed: 0, notStored: 0 },
    { done: 300, failed: 0, notStored: 0 },
  ]);
});

test("while Redis is away warming says that nothing is kept, and keepWarm waits for it", async () => {
  const site = await openSite();
  site.gate.cut();
  const live = open(await openRedis(site.url, { start: "degraded" }));
  const items = [{ key: "k", ttl: "long" as const, load: () => 1 }];
  expect(await live.cache.warm(items)).toMatchObject({ done: 1, loaded: 0, notStored: 1 });

  const onDone = vi.fn<(summary: object) => void>();
  live.cache.keepWarm({ items: () => items, onDone });
  site.gate.pass();
  await until(() => onDone.mock.calls.length > 0, { what: "the caches are warm", withinMs: 30_000 });
  expect(live.status().state).toBe("here");
  expect(onDone).toHaveBeenCalledWith(expect.objectContaining({ done: 1, failed: 0, notStored: 0 }));
});

test("operators walk through the keys of a prefix", async () => {
  const live = open((await openSite()).ground);
  const keys = Array.from({ length: 1_100 }, (_, index) => `user:42:n${index}`);
  const others = ["user:42", "user:421:n0", "user:7:{x}"];
  const items = [...keys, ...others].map((key) => ({ key, ttl: "long" as const, load: () => 1 }));
  const isWarm = async () => (await live.cache.warm(items, { concurrency: 32 })).notStored === 0;
  await until(isWarm, { what: "everything is stored", withinMs: 10_000 });
  expect(await live.cache.getKeys("user:42:*")).toHaveLength(1_000);
  const walked = new Set<string>();
  for await (const key of live.cache.scanKeys("user:42:*")) walked.add(key);
  expect([...walked].sort()).toEqual(keys.sort());
  expect((await live.cache.getKeys("*", { limit: 10_000 })).sort()).toEqual([...keys, ...others].sort());
});
