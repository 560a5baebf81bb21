import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { TailEvent } from "../../src/ports/change-log.ts";
import { changeOf, inspect, move, openSite, refuseUnhandledRejections, stateOf } from "./redis-site.ts";

refuseUnhandledRejections();

const HOUR_MS = 3_600_000;

test("a tag is known as long as the longest of its entries lives, and a shorter one takes nothing away", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const position = await move(realm, "t");
  const tagTtlMs = () => client.pTTL(keyspace.tag("t"));
  const commit = (key: string, ttlMs: number) =>
    realm.cacheStore.commit({ key, position, tags: ["t"], value: Buffer.from("v"), ttlMs, keepMs: ttlMs });
  expect(await tagTtlMs()).toBeLessThanOrEqual(24 * HOUR_MS);
  await commit("long", 72 * HOUR_MS);
  expect(await tagTtlMs()).toBeGreaterThan(72 * HOUR_MS);
  await commit("short", 1_000);
  expect(await tagTtlMs()).toBeGreaterThan(72 * HOUR_MS);
  expect(await stateOf(realm, "long")).toBe("valid");
});

test("after a soft change a tag is still known as long as the entries that it made stale", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const position = await move(realm, "t");
  const keepMs = 72 * HOUR_MS;
  const value = Buffer.from("v");
  await realm.cacheStore.commit({ key: "k", position, tags: ["t"], value, ttlMs: 1_000, keepMs });
  await realm.changeLog.append(changeOf({ tags: ["t"], mode: "stale" }));
  expect(await client.pTTL(keyspace.tag("t"))).toBeGreaterThan(keepMs);
  expect(await stateOf(realm)).toBe("stale");
});

test("after a loss nobody is taken to have applied a position from before it", async () => {
  const { realm, redis } = await openSite();
  const position = await move(realm, "t");
  expect(await realm.changeLog.lagging(position)).toBe(0);
  await redis.command("FLUSHALL");
  expect(await realm.changeLog.lagging(position)).toBe(1);
});

test("who begins to follow is told only of what was asked since", async () => {
  const { realm } = await openSite();
  const firstHeard: number[] = [];
  for (let round = 0; round < 3; round++) {
    const followedAtMs = systemClock.now();
    realm.changeLog.tail({
      node: `node ${round}`,
      onEvent: (event) => event.type === "heard" && (firstHeard[round] ??= event.askedAtMs - followedAtMs),
    });
    await until(() => firstHeard.length > round, { what: "the tail hears", withinMs: 3_000 });
  }
  for (const sinceMs of firstHeard) expect(sinceMs).toBeGreaterThanOrEqual(0);
});

test("who follows in the moment in which everybody left begins with a start", async () => {
  const { realm } = await openSite();
  const begin = (node: string) => {
    const events: TailEvent[] = [];
    return { events, tail: realm.changeLog.tail({ node, onEvent: (event) => void events.push(event) }) };
  };
  const hears = ({ events }: ReturnType<typeof begin>) =>
    until(() => events.some(({ type }) => type === "heard"), { what: "the tail hears", withinMs: 3_000 });
  let last = begin("first");
  await hears(last);
  for (let round = 0; round < 3; round++) {
    const leaving = last.tail.close();
    const next = begin(`later ${round}`);
    await Promise.all([move(realm, "t"), leaving]);
    await hears(next);
    expect(next.events[0]!.type).toBe("start");
    last = next;
  }
});
