import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import type { Cursor } from "@livecache/wire";
import { changeOf, follow, inspect, openSite, refuseUnhandledRejections, startsOf } from "./redis-site.ts";

refuseUnhandledRejections();

const EVENT = { channel: "room", name: "told", body: "1" };
const KEEPS_DUMP = ["--dbfilename", "dump.rdb"];

test("a Redis that was set back hands no offset of a channel out twice", async () => {
  const { realm, redis } = await openSite({}, KEEPS_DUMP);
  const cursors: Cursor[] = [];
  await realm.changeLog.subscribe("room", ({ cursor }) => void cursors.push(cursor));
  const say = () => realm.changeLog.append(changeOf({ events: [EVENT] }));
  await say();
  await redis.command("SAVE");
  await say();
  await until(() => cursors.length === 2, { what: "both events arrive", withinMs: 5_000 });
  await redis.restart();
  await until(() => realm.changeLog.cursor("room"), { what: "it is back", withinMs: 4_000 });
  await until(async () => (await say()) && cursors.length > 2, {
    what: "a later event arrives",
    withinMs: 4_000,
  });
  expect(cursors[2]!.epoch).not.toBe(cursors[1]!.epoch);
  expect(new Set(cursors.map(({ epoch, offset }) => `${epoch}-${offset}`)).size).toBe(cursors.length);
});

test("a log that ends before what a tail has read is a loss, also when no heartbeat says so", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const before = await realm.changeLog.append(changeOf());
  const events = await follow(realm);
  await realm.changeLog.append(changeOf({ tags: ["t"] }));
  await until(() => events.some(({ type }) => type === "records"), { what: "the record", withinMs: 5_000 });
  await client.set(keyspace.head, `${before.epoch}.${before.seq}`);
  await until(() => startsOf(events).length === 2, { what: "the tail starts again", withinMs: 5_000 });
  const { epoch } = await realm.changeLog.position();
  expect(epoch).not.toBe(before.epoch);
  expect(startsOf(events).at(-1)).toBe(epoch);
});
