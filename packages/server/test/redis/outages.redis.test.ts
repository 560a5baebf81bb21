import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import type { GroundStatus } from "../../src/ports/ground.ts";
import {
  callAll,
  changeOf,
  follow,
  inspect,
  move,
  openSite,
  refuseUnhandledRejections,
  stateOf,
  store,
  untilStatus,
} from "./redis-site.ts";
import type { RedisSite } from "./redis-site.ts";

refuseUnhandledRejections();

/** By when a call has ended whose deadline is 250 ms, and one that waits for nothing: room for a machine that is busy. */
const IN_TIME_MS = 1_000;
const AT_ONCE_MS = 200;

/** Ways to lose a Redis, and how to get it back. */
const OUTAGES: readonly {
  readonly what: string;
  readonly begin: (site: RedisSite) => unknown;
  readonly end: (site: RedisSite) => unknown;
}[] = [
  {
    what: "killed",
    begin: ({ redis }) => redis.kill(),
    end: ({ redis }) => redis.restart(),
  },
  {
    what: "frozen",
    begin: ({ redis }) => redis.freeze(),
    end: ({ redis }) => redis.thaw(),
  },
  {
    what: "behind half-open connections",
    begin: ({ gate }) => gate.hang(),
    end: ({ gate }) => gate.pass(),
  },
  {
    what: "unreachable",
    begin: ({ gate }) => gate.cut(),
    end: ({ gate }) => gate.pass(),
  },
];

test.each(OUTAGES)(
  "G9: while Redis is $what, every call ends by its deadline, later ones at once, and afterwards everything goes on",
  async ({ begin, end }) => {
    const site = await openSite({ connectTimeout: "2s" });
    const { ground, realm } = site;
    const events = await follow(realm);
    await store(realm);
    const told: GroundStatus["state"][] = [];
    ground.onStatus(({ state }) => told.push(state));
    await begin(site);
    for (const { name, end: ended, tookMs } of await callAll(realm)) {
      expect([name, ended]).toEqual([name, expect.stringMatching(/^LIVE_GROUND_(AWAY|TIMEOUT)$/)]);
      expect([name, Math.max(IN_TIME_MS, tookMs)]).toEqual([name, IN_TIME_MS]);
    }
    await untilStatus(ground, "away", 5_000);
    for (const { name, end: ended, tookMs } of await callAll(realm)) {
      expect([name, ended, Math.max(AT_ONCE_MS, tookMs)]).toEqual([name, "LIVE_GROUND_AWAY", AT_ONCE_MS]);
    }
    await end(site);
    await untilStatus(ground, "here", 5_000);
    expect(told).toEqual(["away", "here"]);
    await move(realm, "t");
    expect(await stateOf(realm)).not.toBe("valid");
    const { length } = events;
    await until(() => events.slice(length).some(({ type }) => type === "heard"), {
      what: "the tail hears again",
      withinMs: 5_000,
    });
  },
);

test("G9: while every answer takes 300 ms calls fail, and soon at once; the connection stays, and no answer is wrong", async () => {
  const { ground, realm, gate, redis } = await openSite();
  const states: string[] = [];
  ground.onStatus(({ state }) => states.push(state));
  await move(realm, "t");
  await store(realm);
  const connections = await redis.command("CLIENT LIST");
  gate.delay(150);
  const ends = await callAll(realm);
  expect(ends.every(({ end }) => end === "LIVE_GROUND_TIMEOUT")).toBe(true);
  await until(() => callAll(realm).then(() => states.length > 0), {
    what: "it counts as away",
    withinMs: 5_000,
  });
  expect(ground.status()).toMatchObject({
    state: "away",
    cause: expect.stringMatching(/^commands: Redis is too slow: \d+ commands in a row/),
  });
  for (const { name, end, tookMs } of await callAll(realm)) {
    expect([name, end, Math.max(AT_ONCE_MS, tookMs)]).toEqual([name, "LIVE_GROUND_AWAY", AT_ONCE_MS]);
  }
  gate.pass();
  await untilStatus(ground, "here", 5_000);
  expect(await stateOf(realm)).toBe("invalid");
  expect(states).toEqual(["away", "here"]);
  expect(idsOf(await redis.command("CLIENT LIST"))).toEqual(idsOf(connections));
});

/** Which connections of a ground there are, of a list of all. */
function idsOf(list: string): string[] {
  return [...list.matchAll(/^id=(\d+).*resp=3/gm)].map(([, id]) => id!);
}

test("nothing is told while Redis does not answer", async () => {
  const { realm, redis, ground } = await openSite();
  const events = await follow(realm);
  redis.freeze();
  await untilStatus(ground, "away", 5_000);
  const frozen = events.length;
  await until(() => callAll(realm).then((ends) => ends.length > 0), { what: "calls", withinMs: 5_000 });
  expect(events.length).toBe(frozen);
});

test("G9: a change whose answer was lost is appended once when it is retried", async () => {
  const { realm, gate, ground, openOther } = await openSite();
  const retryAfter = await move(realm, "before");
  const other = (await openOther()).realm("main");
  const records: string[] = [];
  const bodies: string[] = [];
  other.changeLog.tail({
    node: "other",
    onEvent: (event) => event.type === "records" && records.push(...event.records.map((one) => one.changeId)),
  });
  await other.changeLog.subscribe("room", ({ body }) => void bodies.push(body));
  await follow(other, "waits");
  const change = changeOf({ tags: ["t"], events: [{ channel: "room", name: "told", body: "1" }] });
  gate.hangReplies();
  await expect(realm.changeLog.append(change)).rejects.toMatchObject({ code: "LIVE_GROUND_TIMEOUT" });
  await until(() => bodies.length === 1, { what: "it has happened", withinMs: 5_000 });
  gate.pass();
  await until(() => realm.changeLog.position(), { what: "Redis answers again", withinMs: 5_000 });
  await untilStatus(ground, "here", 5_000);
  const first = await realm.changeLog.append({ ...change, retryAfter });
  const second = await realm.changeLog.append({ ...change, retryAfter });
  expect(second).toEqual(first);
  const last = changeOf();
  await realm.changeLog.append(last);
  await until(() => records.at(-1) === last.changeId, { what: "the last record arrives", withinMs: 5_000 });
  expect(records).toEqual([change.changeId, last.changeId]);
  expect(bodies).toEqual(["1"]);
});

test("G9: when every connection is killed, the tail and the subscriptions go on by themselves", async () => {
  const site = await openSite();
  const { realm, redis } = site;
  const events = await follow(realm);
  const offsets: number[] = [];
  await realm.changeLog.subscribe("room", ({ cursor }) => void offsets.push(cursor.offset));
  const { client } = await inspect(site);
  const say = (body: string) =>
    realm.changeLog.append(changeOf({ tags: ["t"], events: [{ channel: "room", name: "told", body }] }));
  await say("before");
  await until(() => offsets.length === 1, { what: "the event arrives", withinMs: 5_000 });
  for (let round = 0; round < 3; round++) {
    await redis.command("CLIENT KILL TYPE normal");
    await redis.command("CLIENT KILL TYPE pubsub");
    await until(async () => ((await client.pubSubShardChannels()) as unknown[]).length === 2, {
      what: "the channel and the log are subscribed to again",
      withinMs: 5_000,
    });
    const before = offsets.length;
    await until(() => say(`round ${round}`), { what: "a change gets through", withinMs: 5_000 });
    await until(() => offsets.length > before, { what: "its event arrives", withinMs: 5_000 });
  }
  expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
  const position = await realm.changeLog.position();
  await until(
    () =>
      events.some((event) => event.type === "records" && event.records.at(-1)!.position.seq === position.seq),
    { what: "the tail has caught up", withinMs: 5_000 },
  );
});
