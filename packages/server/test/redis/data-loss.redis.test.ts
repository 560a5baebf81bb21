import { until } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { openRedis } from "../../src/redis/open.ts";
import {
  changeOf,
  follow,
  inspect,
  move,
  openSite,
  refuseUnhandledRejections,
  startsOf,
  stateOf,
  store,
} from "./redis-site.ts";

refuseUnhandledRejections();

test("G12: data that was thrown away is noticed: another epoch, and every tail starts again", async () => {
  const { realm, redis, openOther } = await openSite();
  const other = (await openOther()).realm("main");
  const [here, there] = [await follow(realm), await follow(other, "there")];
  const { epoch } = await move(realm, "t");
  await store(realm);
  await redis.command("FLUSHALL");
  const bound = { what: "both tails start in one new epoch", withinMs: 5_000 };
  await until(() => startsOf(here).length > 1 && startsOf(there).length > 1, bound);
  await until(() => startsOf(here).at(-1) === startsOf(there).at(-1), bound);
  const position = await realm.changeLog.position();
  expect(position.epoch).not.toBe(epoch);
  expect(startsOf(here).at(-1)).toBe(position.epoch);
  await store(realm);
  expect(await stateOf(other)).toBe("valid");
});

test("G12: a Redis that comes back empty gives no answer from before, and sequence numbers go on growing", async () => {
  const { realm, redis } = await openSite();
  const events = await follow(realm);
  const old = await move(realm, "t");
  await store(realm);
  await redis.restart();
  const position = await until(() => realm.changeLog.position(), { what: "it is back", withinMs: 3_000 });
  expect(position.epoch).not.toBe(old.epoch);
  expect(position.seq).toBeGreaterThan(old.seq);
  expect(await stateOf(realm)).toBe("absent");
  await until(() => startsOf(events).at(-1) === position.epoch, {
    what: "the tail starts in the new epoch",
    withinMs: 3_000,
  });
});

test("G12: a Redis that is set back to an epoch which has ended gets another one: no place is handed out twice", async () => {
  const { realm, redis } = await openSite({}, ["--dbfilename", "dump.rdb"]);
  const first = await move(realm, "t");
  await redis.command("SAVE");
  await realm.changeLog.renewEpoch(first.epoch);
  const second = await move(realm, "t");
  await redis.restart();
  const third = await until(() => move(realm, "t"), { what: "it is back", withinMs: 3_000 });
  expect([first.epoch, second.epoch]).not.toContain(third.epoch);
});

test("G12: a Redis that comes back with older data renews the epoch before anything is read from it", async () => {
  const { realm, redis } = await openSite({}, ["--dbfilename", "dump.rdb"]);
  await move(realm, "t");
  await store(realm);
  const old = await realm.changeLog.position();
  await redis.command("SAVE");
  await move(realm, "t");
  expect(await stateOf(realm)).toBe("invalid");
  await redis.restart();
  const state = await until(() => stateOf(realm), { what: "it is back", withinMs: 3_000 });
  expect(state).toBe("invalid");
  expect((await realm.changeLog.position()).epoch).not.toBe(old.epoch);
});

test("an epoch that somebody renewed after a loss is not renewed once more by everybody", async () => {
  const { realm, redis, openOther } = await openSite();
  const other = (await openOther()).realm("main");
  const events = await Promise.all([follow(realm, "here"), follow(other, "there")]);
  await move(realm, "t");
  await move(other, "t");
  await redis.command("FLUSHALL");
  await move(realm, "t");
  const { epoch } = await realm.changeLog.position();
  const heard = events.map(({ length }) => length);
  await until(() => events.every((one, index) => one.length > heard[index]! + 6), {
    what: "several heartbeats",
    withinMs: 5_000,
  });
  expect((await realm.changeLog.position()).epoch).toBe(epoch);
});

test("G1: an evicted tag makes its entries invalid, and the next load is stored", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  await store(realm);
  await client.del(keyspace.tag("t"));
  expect(await stateOf(realm)).toBe("invalid");
  await store(realm);
  expect(await stateOf(realm)).toBe("valid");
});

test("a value whose evicted tag moved during its load is refused, as the log proves", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const position = await realm.changeLog.position();
  await move(realm, "t", "other");
  await client.del(keyspace.tag("t"));
  const commit = (tags: string[]) =>
    realm.cacheStore.commit({
      key: "k",
      position,
      tags,
      value: Buffer.from("old"),
      ttlMs: 60_000,
      keepMs: 60_000,
    });
  expect(await commit(["t"])).toEqual({ state: "refused", reason: "changed" });
  expect(await commit(["never moved"])).toMatchObject({ state: "stored" });
});

test.each(["deleted", "trimmed"])(
  "when the log was %s, an evicted tag cannot be proved unmoved: refused, and stored the next time",
  async (how) => {
    const site = await openSite();
    const { realm, keyspace } = site;
    const { client } = await inspect(site);
    const position = await realm.changeLog.position();
    await move(realm, "a");
    await move(realm, "b");
    if (how === "deleted") await client.del(keyspace.log);
    else await client.xTrim(keyspace.log, "MAXLEN", 1);
    const commit = (stamp: typeof position) =>
      realm.cacheStore.commit({
        ...{ key: "k", position: stamp, tags: ["t"], value: Buffer.from("v"), ttlMs: 60_000, keepMs: 60_000 },
      });
    expect(await commit(position)).toEqual({ state: "refused", reason: "changed" });
    expect(await commit(await realm.changeLog.position())).toMatchObject({ state: "stored" });
    expect(await stateOf(realm)).toBe("valid");
  },
);

test("a tail that missed records because the log was deleted starts again, and hears nothing before that", async () => {
  const site = await openSite();
  const { realm, keyspace, gate, openOther } = site;
  const { client } = await inspect(site);
  const events = await follow(realm);
  const writer = (await openOther()).realm("main");
  gate.hang();
  await move(writer, "t");
  await client.del(keyspace.log);
  const told = events.length;
  gate.pass();
  await until(() => events.length > told, { what: "the tail is told something", withinMs: 8_000 });
  expect(events[told]).toEqual({ type: "start", position: await writer.changeLog.position() });
});

test("a tail goes on without a break when the log it has read is deleted", async () => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  const events = await follow(realm);
  await move(realm, "a");
  const records = () => events.flatMap((event) => (event.type === "records" ? event.records : []));
  await until(() => records().length === 1, { what: "the record arrives", withinMs: 5_000 });
  await client.del(keyspace.log);
  await move(realm, "b");
  await until(() => records().length === 2, { what: "the next record arrives", withinMs: 5_000 });
  expect(startsOf(events)).toHaveLength(1);
});

test.each([
  ["nothing", ""],
  ["an older format", "1 abc.1 9999999999999 0\nvalue"],
  ["a stamp that is none", "2 x abc 9999999999999 9 9999999999999 0\nvalue"],
  ["more tags than there are bytes", "2 x abc.1 9999999999999 9 9999999999999 500\nvalue"],
  ["a line that does not end", "2 x abc.1 9999999999999 9 9999999999999 0"],
])("an entry with %s is a miss, is removed, and hinders no load", async (_what, bytes) => {
  const site = await openSite();
  const { realm, keyspace } = site;
  const { client } = await inspect(site);
  await client.set(keyspace.entry("k"), bytes);
  expect(await stateOf(realm)).toBe("absent");
  await until(async () => (await client.exists(keyspace.entry("k"))) === 0, {
    what: "it is removed",
    withinMs: 5_000,
  });
  await client.set(keyspace.entry("k"), bytes);
  const reply = await realm.cacheStore.begin({ key: "k", leaseMs: 1_000 });
  expect(reply.state).toBe("granted");
  expect(await store(realm)).toMatchObject({ state: "stored" });
  expect(await stateOf(realm)).toBe("valid");
});

test("what is no head of ours is a refusal, not an answer", async () => {
  const site = await openSite();
  const { client } = await inspect(site);
  const { realm, keyspace } = site;
  await client.set(keyspace.head, "not a position");
  await until(async () => (await realm.changeLog.position()).epoch !== "", {
    what: "a head is made again",
    withinMs: 5_000,
  });
  await client.del(keyspace.head);
  await client.rPush(keyspace.head, "a list");
  await expect(realm.changeLog.append(changeOf())).rejects.toMatchObject({ code: "LIVE_GROUND_REFUSED" });
});

test.each([
  { what: "has been trimmed away", trim: true },
  { what: "is still in the log", trim: false },
])(
  "G4: the events of a change without an answer are told once, also when its record $what",
  async ({ trim }) => {
    const { realm, redis, gate, keyspace, openOther } = await openSite();
    const other = (await openOther()).realm("main");
    const heard: string[] = [];
    await other.changeLog.subscribe("room", ({ body }) => void heard.push(body));
    await move(realm, "t");
    const retryAfter = await realm.changeLog.position();
    gate.hangReplies();
    const change = changeOf({ tags: ["t"], events: [{ channel: "room", name: "news", body: "1" }] });
    await expect(realm.changeLog.append(change)).rejects.toMatchObject({ code: "LIVE_GROUND_TIMEOUT" });
    await until(() => heard.length > 0, { what: "it has got there", withinMs: 5_000 });
    const trimmed = trim ? await redis.command(`XTRIM ${keyspace.log} MAXLEN 0`) : "";
    expect(trimmed).toMatch(trim ? /^:[1-9]/ : /^$/);
    gate.pass();
    const again = { ...change, retryAfter };
    const position = await until(() => realm.changeLog.append(again), {
      what: "it is told",
      withinMs: 3_000,
    });
    expect(position.seq > retryAfter.seq).toBe(true);
    await other.changeLog.append(changeOf({ events: [{ channel: "room", name: "news", body: "2" }] }));
    await until(() => heard.includes("2"), { what: "the next event", withinMs: 5_000 });
    expect(heard).toEqual(["1", "2"]);
  },
);

test("G4: also of a node that has not heard of the log yet", async () => {
  const { url, gate, openOther } = await openSite();
  const other = (await openOther()).realm("main");
  const heard: string[] = [];
  await other.changeLog.subscribe("room", ({ body }) => void heard.push(body));
  const ground = await openRedis(url);
  onTestFinished(ground.close);
  gate.hangReplies();
  const { changeLog } = ground.realm("main");
  const change = changeOf({ events: [{ channel: "room", name: "news", body: "1" }] });
  await expect(changeLog.append(change)).rejects.toMatchObject({ code: "LIVE_GROUND_TIMEOUT" });
  await until(() => heard.length > 0, { what: "it has got there", withinMs: 5_000 });
  gate.pass();
  await until(() => changeLog.append(change), { what: "it is told", withinMs: 3_000 });
  await other.changeLog.append(changeOf({ events: [{ channel: "room", name: "news", body: "2" }] }));
  await until(() => heard.includes("2"), { what: "the next event", withinMs: 5_000 });
  expect(heard).toEqual(["1", "2"]);
});
