import { expect, test } from "vitest";
import { NOTE_AGE_MS } from "../../src/ports/notification-store.ts";
import type { Realm } from "../../src/ports/ground.ts";
import { changeOf, inspect, openSite, refuseUnhandledRejections } from "./redis-site.ts";

refuseUnhandledRejections();

const channel = "notifications/7";
const DAY_US = 86_400_000_000;

async function add({ changeLog }: Realm, id: string): Promise<void> {
  const event = { channel, name: "notification", body: JSON.stringify({ id }) };
  await changeLog.append(changeOf({ events: [{ ...event, note: { type: "add", userId: "7", id } }] }));
}

async function idsOf({ notificationStore }: Realm) {
  const { notes, unread } = await notificationStore.page("7", { channel, limit: 100 });
  return { ids: notes.map(({ id }) => id), unread };
}

test("notifications older than 30 days are left out, and not counted; those of 29 days are there", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const nowUs = Date.now() * 1_000;
  for (const days of [31, 30.01, 29]) {
    const seq = String(Math.round(nowUs - days * DAY_US));
    const id = `${days} days`;
    await client.xAdd(keyspace.notes("7"), `${seq}-0`, { id, body: JSON.stringify({ id }) });
    await client.zAdd(keyspace.unread("7"), { score: Number(seq), value: id });
  }
  expect(await realm.notificationStore.unread("7")).toBe(1);
  await add(realm, "new");
  expect(await idsOf(realm)).toEqual({ ids: ["new", "29 days"], unread: 2 });
  expect(await client.xLen(keyspace.notes("7"))).toBe(2);
});

test("both keys go 30 days after the last notification", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  await add(realm, "a");
  for (const key of [keyspace.notes("7"), keyspace.unread("7")]) {
    await client.pExpire(key, 1_000);
    await add(realm, `after ${key}`);
    expect(await client.pTTL(key)).toBeGreaterThan(NOTE_AGE_MS - 60_000);
  }
});

test("a log that began anew with an earlier clock keeps notifications in their order", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const ahead = String(Date.now() * 1_000 + DAY_US);
  await client.xAdd(keyspace.notes("7"), `${ahead}-0`, { id: "ahead", body: "{}" });
  await add(realm, "a");
  await add(realm, "b");
  expect((await idsOf(realm)).ids).toEqual(["b", "a", "ahead"]);
});

test("one of the two keys lost: what is left is told, and nothing is counted that is not kept", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  await add(realm, "a");
  await client.del(keyspace.notes("7"));
  expect(await idsOf(realm)).toEqual({ ids: [], unread: 0 });
  await add(realm, "b");
  await client.del(keyspace.unread("7"));
  expect(await idsOf(realm)).toEqual({ ids: ["b"], unread: 0 });
  await add(realm, "c");
  expect(await idsOf(realm)).toEqual({ ids: ["c", "b"], unread: 1 });
});

test("counting costs the same however long the list is", async () => {
  const site = await openSite();
  const { realm } = site;
  const { client } = await inspect(site);
  for (let index = 0; index < 200; index++) await add(realm, `n${index}`);
  await client.sendCommand(["CONFIG", "RESETSTAT"]);
  for (let turn = 0; turn < 50; turn++) await realm.notificationStore.unread("7");
  const stats = String(await client.info("commandstats"));
  expect(stats).toMatch(/cmdstat_xrange:calls=50,/);
  expect(stats).not.toMatch(/cmdstat_xrevrange|cmdstat_zscore|cmdstat_zrange/);
});
