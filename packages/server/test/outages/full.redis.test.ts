import { until } from "@livecache/rig";
import { test } from "vitest";
import { refuseUnhandledRejections } from "../redis/redis-site.ts";
import { callAll, openFaultSite, read } from "./fault-site.ts";

refuseUnhandledRejections();

test("a Redis that is full and throws nothing away: nothing new is stored, all that voids or revokes gets through, and who signs in is told", async ({
  expect,
  onTestFinished,
}) => {
  const site = await openFaultSite([], onTestFinished);
  const { live, other, source, admin } = site;
  await admin.sendCommand(["CONFIG", "SET", "maxmemory", "1"]);
  const ends = Object.fromEntries((await callAll(live, site)).map(({ name, end }) => [name, end]));
  expect(ends).toMatchObject({
    "cache.getOrSet": "a value",
    "cache.set": "rejects",
    "cache.delete": undefined,
    change: "cluster",
    "sessions.read, known": 1,
    "sessions.create": "rejects",
    "sessions.save": "rejects",
    "sessions.end": false,
    "tokens.revoke": { position: expect.anything() },
    "limits.take": "cluster",
    notify: "cluster",
    "notifications.list": { items: [] },
  });
  expect(live.status().state).toBe("here");
  source.value = 2;
  expect(await live.change({ tags: ["answers"] })).toMatchObject({ scope: "cluster" });
  await until(async () => (await read(other, site)) === 2, { what: "no node is stale", withinMs: 5_000 });
  await admin.sendCommand(["CONFIG", "SET", "maxmemory", "0"]);
});
