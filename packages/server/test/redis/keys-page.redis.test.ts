import { readFile } from "node:fs/promises";
import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import type { Realm } from "../../src/ports/ground.ts";
import { createPulse } from "../../src/redis/pulse.ts";
import type { Send } from "../../src/redis/wire.ts";
import type { Inspector } from "../conformance/inspector.ts";
import { changeOf, follow, inspect, openSite, store } from "./redis-site.ts";
import type { RedisSite } from "./redis-site.ts";

interface Row {
  readonly spelling: RegExp;
  readonly type: string;
  readonly hasTtl: boolean;
}

/** The rows of the table in the page on keys, the names in them as wildcards. */
async function readRows(): Promise<readonly Row[]> {
  const page = await readFile(new URL("../../../../docs/reference/keys.md", import.meta.url), "utf8");
  const rows = page.matchAll(/^\| `([^`]*:[^`]*)` \| ([a-z ]+) \| ([^|]+) \|/gm);
  return Array.from(rows, ([, key, type, ttl]) => ({
    spelling: new RegExp(`^${key!.replace(/[{}]/g, "\\$&").replace("…", ".+")}$`),
    type: type!.replace("sorted set", "zset"),
    hasTtl: ttl!.trim() !== "none",
  }));
}

/** A member in a cell, one that has left, and a node that another one notices to be silent. */
async function useRegions({ regionStore }: Realm): Promise<void> {
  await regionStore.renew({ node: "silent", leaseMs: 1, begins: true });
  await regionStore.renew({ node: "n", leaseMs: 60_000, begins: true });
  const come = { from: undefined, to: "ttngkc", sequence: 1, userId: "7" };
  const leave = { from: "ttngkc", to: undefined, sequence: 2, userId: undefined };
  const [stays, leaves] = ["s", "t"].map((connection) => ({ node: "n", connection }));
  await regionStore.move({ ...come, member: stays! });
  await regionStore.move({ ...come, member: leaves! });
  await regionStore.move({ ...leave, member: leaves! });
  const ask = () => regionStore.renew({ node: "n", leaseMs: 60_000, begins: false });
  await until(async () => (await ask()).silent, { what: "the silent node is named", withinMs: 5_000 });
}

/** An unread notification, a message that is being handled, and a limit of which something is used. */
async function usePeople({ changeLog, claimStore, limitStore }: Realm): Promise<void> {
  const note = { type: "add", userId: "7", id: "a" } as const;
  const event = { channel: "notifications/7", name: "notification", body: '{"id":"a"}', note };
  await changeLog.append(changeOf({ events: [event] }));
  await claimStore.claim({ name: "digest", owner: "n", holdMs: 60_000 });
  const rule = { algorithm: "gcra", limit: 5, windowMs: 60_000, burst: 5, blockMs: 0 } as const;
  await limitStore.take({ name: "api", subject: "7", rule, cost: 1 });
}

/** A session of a user. */
async function useSessions({ sessionStore }: Realm): Promise<void> {
  const life = { idleMs: 60_000, absoluteMs: undefined, isForeign: false };
  await sessionStore.create({ id: "s", fields: [["cart", "[]"]], userId: "7", ...life });
}

/** A user in a channel, an incarnation that has ended, and a socket whose heart beats. */
async function usePresence({ presenceStore, socketStore }: Realm): Promise<void> {
  await presenceStore.renew({ incarnation: "gone", leaseMs: 1, begins: true });
  await presenceStore.renew({ incarnation: "i", leaseMs: 60_000, begins: true });
  const users = [{ userId: "7", state: "online" as const }];
  await presenceStore.write({ incarnation: "i", channel: "room/1", users });
  const ask = () => presenceStore.renew({ incarnation: "i", leaseMs: 60_000, begins: false });
  const at = "2026-01-24T10:30:00.000Z";
  const place = { currentRegionId: null, lastLocation: null };
  await socketStore.put([
    { socketId: "s", userId: "7", ...place, connectedAt: at, lastActivityAt: at, userAgent: null },
  ]);
  await socketStore.beat([{ socketId: "s", at }]);
  await until(async () => (await ask()).dead.length > 0, { what: "one has ended", withinMs: 5_000 });
}

/** A heartbeat as it is where servers take over from each other. */
async function beatAsReplicated({ keyspace }: RedisSite, client: Inspector["client"]): Promise<void> {
  const send: Send = (args) => client.sendCommand([...args]);
  await createPulse(keyspace, "another").beat(send, { place: "localhost:6379", isFirst: true });
}

const KEPT = { maxEvents: 10, maxAgeMs: 60_000 };

test("every key in a Redis in use stands in the page on keys, with its type and whether it has a TTL", async () => {
  const site = await openSite();
  const { realm } = site;
  const { client, keys } = await inspect(site);
  const rows = await readRows();
  await beatAsReplicated(site, client);
  await follow(realm);
  await realm.changeLog.append(
    changeOf({ tags: ["t"], events: [{ channel: "room/1", name: "told", body: "1", kept: KEPT }] }),
  );
  const source = { name: "outbox", after: undefined, place: "1" };
  await realm.changeLog.append({ ...changeOf({ tags: ["t"] }), source });
  await store(realm, "user:{42}:%7B");
  await realm.cacheStore.begin({ key: "leased {", leaseMs: 60_000 });
  await until(async () => (await client.exists("{lc:main}:acks")) === 1, {
    what: "the node is registered",
    withinMs: 5_000,
  });
  await usePeople(realm);
  await useSessions(realm);
  const revoked = [{ kind: "token", id: "A".repeat(22), atMs: Date.now() + 60_000 }] as const;
  await realm.revocationStore.revoke({ changeId: "r", origin: "n", revoked, tags: [] });
  await usePresence(realm);
  // Last: the claim of a silent node is there for a second only.
  await useRegions(realm);
  const used = new Set<Row>();
  for (const key of await keys("lc")) {
    const row = rows.find(({ spelling }) => spelling.test(key));
    expect(row, key).toBeDefined();
    expect([key, await client.type(key)]).toEqual([key, row!.type]);
    expect([key, (await client.pTTL(key)) > 0]).toEqual([key, row!.hasTtl]);
    used.add(row!);
  }
  expect(rows.filter((row) => !used.has(row))).toEqual([]);
  expect(rows).toHaveLength(39);
});
