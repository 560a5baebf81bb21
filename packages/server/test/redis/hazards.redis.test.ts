import { RESP_TYPES } from "redis";
import { expect, test } from "vitest";
import type { CacheStore } from "../../src/ports/cache-store.ts";
import type { Realm } from "../../src/ports/ground.ts";
import type { Inspector } from "../conformance/inspector.ts";
import {
  changeOf,
  inspect,
  move,
  openSite,
  refuseUnhandledRejections,
  stateOf,
  store,
} from "./redis-site.ts";
import type { RedisSite } from "./redis-site.ts";

/** Hazards of research that the Redis ground alone can show: what it does to the server, and what the server takes from it. */

refuseUnhandledRejections();

const FIFTY = Array.from({ length: 50 }, (_, index) => `tag:${index}`);

async function storeWith({ cacheStore, changeLog }: Realm, key: string, tags: readonly string[]) {
  const position = await changeLog.position();
  const value = Buffer.from("value");
  return cacheStore.commit({ key, position, tags, value, ttlMs: 60_000, keepMs: 60_000 });
}

/** How often each command was run while `work` ran, without those that a ground sends by itself. */
async function commandsOf(
  client: Inspector["client"],
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  await client.sendCommand(["CONFIG", "RESETSTAT"]);
  await work();
  const info = String(await client.sendCommand(["INFO", "commandstats"]));
  const counts = [...info.matchAll(/^cmdstat_(mget|xadd|evalsha|eval|scan|keys|unlink|del):calls=(\d+)/gm)];
  return Object.fromEntries(counts.map(([, name, calls]) => [name!, Number(calls)]));
}

test("eviction of tag metadata: whatever key of the realm is lost, no value from before a change comes back", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  for (const lost of [keyspace.tag("t"), keyspace.tag("k"), keyspace.head, keyspace.log]) {
    await store(realm);
    expect([lost, await stateOf(realm)]).toEqual([lost, "valid"]);
    await move(realm, "t");
    expect(await client.del(lost)).toBe(1);
    expect([lost, await stateOf(realm)]).toEqual([lost, "invalid"]);
    await realm.changeLog.append(changeOf({ tags: ["t"], mode: "stale" }));
    expect([lost, await stateOf(realm)]).toEqual([lost, "invalid"]);
    await move(realm, "another");
    await store(realm, "other");
    expect([lost, await stateOf(realm)]).toEqual([lost, "invalid"]);
  }
});

test("eviction of tag metadata: a lost head voids what was valid, and no position is handed out twice", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  await store(realm);
  const before = await move(realm, "x");
  await client.del(keyspace.head);
  expect(await stateOf(realm)).toBe("invalid");
  const after = await move(realm, "y");
  expect(after.epoch).not.toBe(before.epoch);
  expect(after.seq).toBeGreaterThan(before.seq);
});

test("eviction of a channel's key: its offsets begin again under another epoch", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const tell = () =>
    realm.changeLog.append(changeOf({ events: [{ channel: "room", name: "e", body: "1" }] }));
  await tell();
  const before = await realm.changeLog.cursor("room");
  expect(await client.del(keyspace.channel("room"))).toBe(1);
  await tell();
  const after = await realm.changeLog.cursor("room");
  expect([before.offset, after.offset]).toEqual([1, 1]);
  expect(after.epoch).not.toBe(before.epoch);
});

test.each([
  ["judged by the node: one command", () => "valid" as const, 1],
  ["judged by Redis: two commands", undefined, 2],
])("50 tags per entry, %s", async (_, judge: Parameters<CacheStore["read"]>[1], mget) => {
  const site = await openSite();
  const { realm } = site;
  const { client } = await inspect(site);
  await storeWith(realm, "k", FIFTY);
  const commands = await commandsOf(client, async () => {
    expect(await realm.cacheStore.read(["k"], judge)).toMatchObject([{ state: "valid" }]);
  });
  expect(commands).toMatchObject({ mget });
});

const MANY = 100_000;

/** Puts the bytes of one stored entry under many keys: storing each by itself would take most of a test's time. */
async function storeMany({ client }: Inspector, { keyspace, realm }: RedisSite): Promise<readonly string[]> {
  await storeWith(realm, "first", ["t"]);
  const bytes = await client
    .withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
    .get(keyspace.entry("first"));
  const keys = Array.from({ length: MANY }, (_, index) => `many:${index}`);
  for (let from = 0; from < MANY; from += 1_000) {
    const sets = keys
      .slice(from, from + 1_000)
      .map((key) => client.set(keyspace.entry(key), bytes!, { expiration: { type: "PX", value: 60_000 } }));
    await Promise.all(sets);
  }
  return keys;
}

/** In how many of the entries a read finds each state. */
async function statesOf({ cacheStore }: Realm, keys: readonly string[]): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (let from = 0; from < keys.length; from += 500) {
    const replies = await cacheStore.read(keys.slice(from, from + 500));
    for (const { state } of replies) found[state] = (found[state] ?? 0) + 1;
  }
  return found;
}

test("bulk change: a tag of 100,000 entries costs one script, and nothing lists its entries", async () => {
  const site = await openSite({ commandTimeout: "2s" });
  const { realm, keyspace } = site;
  const inspector = await inspect(site);
  const { client } = inspector;
  const keys = await storeMany(inspector, site);
  expect(await statesOf(realm, keys)).toEqual({ valid: MANY });
  // Whatever lists the entries of a tag has to stand somewhere: in a key of its own, or in that of the tag.
  const others = async () =>
    (await inspector.keys("lc")).filter((key) => !key.startsWith(keyspace.entry("").slice(0, -1)));
  const before = (await others()).sort();
  expect(before.length).toBeLessThan(10);
  const commands = await commandsOf(client, () => move(realm, "t"));
  expect(commands).toMatchObject({ xadd: 1 });
  // The other scripts are heartbeats, and what asks for the log.
  expect(commands["evalsha"]).toBeLessThanOrEqual(3);
  expect(Object.keys(commands)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(scan|keys|unlink|del)$/)]),
  );
  const after = (await others()).sort();
  expect(after.filter((key) => key !== keyspace.log)).toEqual(before.filter((key) => key !== keyspace.log));
  expect(await client.strLen(keyspace.tag("t"))).toBeLessThan(40);
  expect(await statesOf(realm, keys)).toEqual({ invalid: MANY });
});
