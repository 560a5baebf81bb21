import { until } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import type { TailEvent } from "../../src/ports/change-log.ts";
import {
  changeOf,
  follow,
  inspect,
  move,
  openSite,
  refuseUnhandledRejections,
  startsOf,
} from "./redis-site.ts";

refuseUnhandledRejections();

const HOUR_MS = 3_600_000;

const tagsOf = (events: readonly TailEvent[]): string[] =>
  events.flatMap((event) => (event.type === "records" ? event.records.flatMap(({ tags }) => tags) : []));

test("a change costs no question: what follows the log asks no more often than every 250 ms", async () => {
  const site = await openSite();
  const { realm } = site;
  const { client } = await inspect(site);
  const events = await follow(realm);
  await client.sendCommand(["CONFIG", "RESETSTAT"]);
  const beganAt = performance.now();
  for (let i = 0; i < 300; i++) await move(realm, `t${i}`);
  await until(() => tagsOf(events).length === 300, { what: "all are told", withinMs: 5_000 });
  const quarters = Math.ceil((performance.now() - beganAt) / 250);
  const info = String(await client.sendCommand(["INFO", "commandstats"]));
  const reads = Number(/cmdstat_xread:calls=(\d+)/.exec(info)?.[1] ?? 0);
  expect(reads).toBeLessThanOrEqual(quarters + 1);
  expect(tagsOf(events)).toEqual(Array.from({ length: 300 }, (_, index) => `t${index}`));
});

test("what the feed of the log loses is told all the same, once and in order", async () => {
  const site = await openSite();
  const { realm, redis, openOther } = site;
  const writer = (await openOther()).realm("main");
  const events = await follow(realm);
  for (let round = 0; round < 3; round++) {
    await redis.command("CLIENT KILL TYPE pubsub");
    await move(writer, `lost ${round}`);
    await until(() => tagsOf(events).includes(`lost ${round}`), { what: "it is told", withinMs: 5_000 });
    await move(writer, `next ${round}`);
    await until(() => tagsOf(events).includes(`next ${round}`), { what: "so is the next", withinMs: 5_000 });
  }
  expect(tagsOf(events)).toEqual([0, 1, 2].flatMap((round) => [`lost ${round}`, `next ${round}`]));
  expect(startsOf(events)).toHaveLength(1);
});

test("what is no record of ours on the feed does no harm, and neither does one that comes again or too early", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const events = await follow(realm);
  const { epoch, seq } = await move(realm, "first");
  const forged = [
    "rubbish",
    "",
    "a.b c purge\n\n",
    `${epoch}.${seq} ${seq - 1} purge\nid\nnode\n-\n\nagain\n\n\n\n`,
    `${epoch}.${seq + 9} ${seq + 5} purge\nid\nnode\n-\n\nearly\n\n\n\n`,
    `other.${seq + 9} ${seq} purge\nid\nnode\n-\n\nother\n\n\n\n`,
  ];
  for (const message of forged) await client.sendCommand(["SPUBLISH", keyspace.logFeed, message]);
  await move(realm, "second");
  await until(() => tagsOf(events).includes("second"), { what: "the next is told", withinMs: 5_000 });
  expect(tagsOf(events)).toEqual(["first", "second"]);
  expect(startsOf(events)).toHaveLength(1);
});

test("a history that was lost, and a tag, a channel and a history that are known, all have a time to live that is long enough", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const kept = { maxEvents: 10, maxAgeMs: 5 * HOUR_MS };
  const say = () =>
    realm.changeLog.append(
      changeOf({ tags: ["t"], events: [{ channel: "room", name: "told", body: "1", kept }] }),
    );
  const history = () => client.pTTL(keyspace.history("room"));
  await say();
  expect(await client.pTTL(keyspace.tag("t"))).toBeGreaterThan(23 * HOUR_MS);
  expect(await client.pTTL(keyspace.channel("room"))).toBeGreaterThan(24 * HOUR_MS);
  expect(await history()).toBeGreaterThan(5 * HOUR_MS);
  await client.pExpire(keyspace.tag("t"), 72 * HOUR_MS);
  await say();
  expect(await client.pTTL(keyspace.tag("t"))).toBeGreaterThan(71 * HOUR_MS);
  await client.del(keyspace.history("room"));
  await say();
  expect(await history()).toBeGreaterThan(5 * HOUR_MS);
  await client.del([keyspace.tag("t"), keyspace.channel("room")]);
  await say();
  expect(await client.pTTL(keyspace.tag("t"))).toBeGreaterThan(23 * HOUR_MS);
  expect(await client.pTTL(keyspace.channel("room"))).toBeGreaterThan(24 * HOUR_MS);
  expect(await history()).toBeLessThan(7 * HOUR_MS);
});

test("what a channel keeps for longer from now on is renewed with the next event", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  for (const hours of [1, 100, 2]) {
    const kept = { maxEvents: 10, maxAgeMs: hours * HOUR_MS };
    await realm.changeLog.append(changeOf({ events: [{ channel: "room", name: "told", body: "1", kept }] }));
    const ttlMs = await client.pTTL(keyspace.history("room"));
    expect(ttlMs).toBeGreaterThan(kept.maxAgeMs - 60_000);
    expect(ttlMs).toBeLessThanOrEqual(kept.maxAgeMs + HOUR_MS);
  }
});

test("nodes acknowledge what somebody waits for, long before their lease would have ended", async () => {
  const site = await openSite();
  const { client } = await inspect(site);
  const [a, b] = [
    createLive({ ground: await site.openOther() }),
    createLive({ ground: await site.openOther() }),
  ];
  for (const live of [a, b]) onTestFinished(() => live.close());
  for (const live of [a, b]) {
    await until(() => live.door.applied(), { what: "the node follows", withinMs: 5_000 });
  }
  await until(async () => (await client.zCard(site.keyspace.nodes)) === 2, {
    what: "both are registered",
    withinMs: 5_000,
  });
  const acknowledged = () => client.hGetAll(site.keyspace.acks);
  const before = await acknowledged();
  await a.change({ tags: ["nobody waits"] });
  const tookMs: number[] = [];
  for (let round = 0; round < 5; round++) {
    const beganAt = performance.now();
    await a.change({ tags: ["t"], wait: "applied" });
    tookMs.push(performance.now() - beganAt);
  }
  // The lease is a second. The quickest: a machine that is busy with something else may stretch a few.
  expect(Math.min(...tookMs)).toBeLessThan(500);
  const after = await acknowledged();
  expect(Object.keys(after).sort()).toEqual([a.node, b.node].sort());
  for (const node of [a.node, b.node]) expect(after[node]).not.toBe(before[node]);
});
