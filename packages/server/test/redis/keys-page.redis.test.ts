import { readFile } from "node:fs/promises";
import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import { changeOf, follow, inspect, openSite, store } from "./redis-site.ts";

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

const KEPT = { maxEvents: 10, maxAgeMs: 60_000 };

test("every key in a Redis in use stands in the page on keys, with its type and whether it has a TTL", async () => {
  const site = await openSite();
  const { realm } = site;
  const { client, keys } = await inspect(site);
  const rows = await readRows();
  await follow(realm);
  await realm.changeLog.append(
    changeOf({ tags: ["t"], events: [{ channel: "room/1", name: "told", body: "1", kept: KEPT }] }),
  );
  await store(realm, "user:{42}:%7B");
  await realm.cacheStore.begin({ key: "leased {", leaseMs: 60_000 });
  await until(async () => (await client.exists("{lc:main}:acks")) === 1, {
    what: "the node is registered",
    withinMs: 2_000,
  });
  const used = new Set<Row>();
  for (const key of await keys("lc")) {
    const row = rows.find(({ spelling }) => spelling.test(key));
    expect(row, key).toBeDefined();
    expect([key, await client.type(key)]).toEqual([key, row!.type]);
    expect([key, (await client.pTTL(key)) > 0]).toEqual([key, row!.hasTtl]);
    used.add(row!);
  }
  expect(rows.filter((row) => !used.has(row))).toEqual([]);
  expect(rows).toHaveLength(10);
});
