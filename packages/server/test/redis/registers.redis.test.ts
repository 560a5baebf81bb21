import { expect, test } from "vitest";
import { inspect, move, openSite, refuseUnhandledRejections, stateOf } from "./redis-site.ts";

refuseUnhandledRejections();

const HOUR_MS = 3_600_000;

test("a tag is known as long as the longest of its entries lives, and a shorter one takes nothing away", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const position = await move(realm, "t");
  const tagTtlMs = () => client.pTTL(keyspace.tag("t"));
  const commit = (key: string, ttlMs: number) =>
    realm.cacheStore.commit({ key, position, tags: ["t"], value: Buffer.from("v"), ttlMs });
  expect(await tagTtlMs()).toBeLessThanOrEqual(24 * HOUR_MS);
  await commit("long", 72 * HOUR_MS);
  expect(await tagTtlMs()).toBeGreaterThan(72 * HOUR_MS);
  await commit("short", 1_000);
  expect(await tagTtlMs()).toBeGreaterThan(72 * HOUR_MS);
  expect(await stateOf(realm, "long")).toBe("valid");
});

test("after a loss nobody is taken to have applied a position from before it", async () => {
  const { realm, redis } = await openSite();
  const position = await move(realm, "t");
  expect(await realm.changeLog.lagging(position)).toBe(0);
  await redis.command("FLUSHALL");
  expect(await realm.changeLog.lagging(position)).toBe(1);
});
