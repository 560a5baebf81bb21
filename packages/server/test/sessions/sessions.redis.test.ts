import { RedisStore } from "connect-redis";
import { openGate, startRedis, until } from "@livecache/rig";
import { RESP_TYPES, createClient } from "redis";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import { identityTag } from "../../src/base/identity-tag.ts";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import { openRedis } from "../../src/redis/open.ts";

const quiet = { warn: () => undefined };
const HOUR_MS = 3_600_000;
const keyspace = createKeyspace({ prefix: "lc", database: 0, realm: "main" });

async function openSite(config: readonly string[] = []) {
  const redis = await startRedis({ config });
  onTestFinished(redis.close);
  const open = async (url = redis.url) => {
    const live = createLive({ ground: await openRedis(url, { commandTimeout: "500ms" }), logger: quiet });
    onTestFinished(live.close);
    // Whoever begins to follow the log may have missed endings, and drops its copies.
    await until(() => live.door.applied() !== undefined, { what: "the log is followed", withinMs: 8_000 });
    return live;
  };
  const client = createClient({ url: redis.url });
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  return { redis, open, client };
}

type Live = Awaited<ReturnType<Awaited<ReturnType<typeof openSite>>["open"]>>;

const untilState = (live: Live, state: "here" | "away") =>
  until(() => live.status().state === state, { what: `the ground is ${state}`, withinMs: 8_000 });

const AWAY = { code: expect.stringMatching(/^LIVE_GROUND_(AWAY|TIMEOUT)$/), retryable: true };

test("what two nodes save at once is merged, and what one ends no other answers", async () => {
  const { open } = await openSite();
  const [one, two] = [await open(), await open()];
  await one.sessions.create("s", { userId: "ana", idleMs: HOUR_MS });
  await Promise.all([
    one.sessions.save("s", { base: 1, set: { a: 1 } }),
    two.sessions.save("s", { base: 1, set: { b: 2 } }),
  ]);
  expect((await two.sessions.read("s"))!.data).toEqual({ a: 1, b: 2 });
  await one.sessions.endAll("ana");
  expect(await two.sessions.read("s")).toBeUndefined();
  expect(await two.sessions.touch("s", HOUR_MS, { budget: 0 })).toEqual({ state: "gone" });
});

test("who signs somebody out everywhere never reads from this node's memory what was cached for them before", async () => {
  const { open } = await openSite();
  const live = await open();
  let current = 0;
  const read = () => live.cache.resolve("profile", () => current, { ttl: "5m", tags: [identityTag("ana")] });
  for (let round = 1; round <= 20; round++) {
    await until(async () => (await read()).reason === "hit-near", { what: "in memory", withinMs: 5_000 });
    current = round;
    await live.sessions.endAll("ana");
    expect((await read()).value).toBe(round);
  }
});

test("while Redis is killed, known sessions are read only and unknown ones reject; empty again, they are gone", async () => {
  const { open, redis } = await openSite();
  const live = await open();
  const { sessions } = live;
  await sessions.create("known", { data: { a: 1 }, idleMs: HOUR_MS });
  await sessions.create("unknown", { idleMs: HOUR_MS });
  await sessions.read("known");
  await redis.kill();
  expect(await sessions.read("known")).toMatchObject({ isCopy: true, version: 1, data: { a: 1 } });
  await expect(sessions.read("unknown")).rejects.toMatchObject(AWAY);
  await expect(sessions.save("known", { base: 1, set: { a: 2 } })).rejects.toMatchObject(AWAY);
  await expect(sessions.create("new", { idleMs: 1_000 })).rejects.toMatchObject(AWAY);
  await expect(sessions.rotate("known", "new", {})).rejects.toMatchObject(AWAY);
  await expect(sessions.update("known", (data) => void (data["a"] = 2))).rejects.toMatchObject(AWAY);
  await redis.restart();
  await untilState(live, "here");
  expect(await sessions.read("known")).toBeUndefined();
});

test("a frozen Redis is no answer: copies are read, and what is unknown rejects in time", async () => {
  const { open, redis } = await openSite();
  const { sessions } = await open();
  await sessions.create("known", { idleMs: HOUR_MS });
  await sessions.read("known");
  redis.freeze();
  onTestFinished(redis.thaw);
  expect(await sessions.read("known")).toMatchObject({ isCopy: true });
  await expect(sessions.read("unknown")).rejects.toMatchObject(AWAY);
  redis.thaw();
});

test("what is ended while Redis is away is over on this node at once, and everywhere when it is back", async () => {
  const { open, redis } = await openSite();
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  const [cut, other] = [await open(`redis://127.0.0.1:${gate.port}`), await open()];
  for (const [id, userId] of [
    ["a", "ana"],
    ["b", "ben"],
    ["c", "ben"],
  ] as const) {
    await cut.sessions.create(id, { userId, idleMs: HOUR_MS });
    await cut.sessions.read(id);
  }
  gate.hang();
  await expect(cut.sessions.end("a")).rejects.toMatchObject({ ...AWAY, details: { isRepeated: true } });
  await expect(cut.sessions.endAll("ben", { except: "c" })).rejects.toMatchObject(AWAY);
  expect(await cut.sessions.read("a")).toBeUndefined();
  await expect(cut.sessions.read("b")).rejects.toMatchObject(AWAY);
  expect(cut.sessions.status().pendingEnds).toBe(2);
  expect(await other.sessions.read("a")).toBeDefined();
  gate.pass();
  const isOver = async () => (await other.sessions.length()) === 1;
  await until(isOver, { what: "the endings are repeated", withinMs: 8_000 });
  expect((await other.sessions.read("c"))?.userId).toBe("ben");
  expect(cut.sessions.status().pendingEnds).toBe(0);
});

test("sessions survive a restart of a Redis that keeps its data", async () => {
  const { open, redis } = await openSite(["--appendonly", "yes", "--appendfsync", "always"]);
  const live = await open();
  await live.sessions.create("s", { data: { a: 1 }, userId: "ana", idleMs: HOUR_MS });
  await live.sessions.create("t", { idleMs: HOUR_MS });
  await live.sessions.end("t");
  await redis.restart();
  await untilState(live, "here");
  expect(await live.sessions.read("s")).toMatchObject({ isCopy: false, data: { a: 1 }, userId: "ana" });
  expect(await live.sessions.create("t", { idleMs: HOUR_MS })).toEqual({ state: "ended" });
  expect((await live.sessions.of("ana")).length).toBe(1);
});

test("whichever one key Redis evicts, no session comes back, and none ends but the one that the key is", async () => {
  const { open, client } = await openSite();
  const { sessions } = await open();
  const lost = ["sessions", "list", "round", "own", "ended", "head", "log"];
  for (const name of lost) {
    const [alive, ended, user] = [`alive-${name}`, `ended-${name}`, `user-${name}`];
    const keys: Record<string, string> = {
      sessions: keyspace.sessions,
      list: keyspace.sessionsOf(user),
      round: keyspace.sessionRound(user),
      own: keyspace.session(alive),
      ended: keyspace.session(ended),
      head: keyspace.head,
      log: keyspace.log,
    };
    await sessions.create(ended, { userId: user, idleMs: HOUR_MS });
    await sessions.endAll(user);
    await sessions.create(alive, { userId: user, idleMs: HOUR_MS });
    await client.del(keys[name]!);
    expect(await sessions.read(ended), name).toBeUndefined();
    expect(await sessions.save(ended, { base: 1, set: { a: 1 } }), name).toEqual({ state: "gone" });
    expect((await sessions.read(alive)) !== undefined, name).toBe(name !== "own");
  }
});

test("a session that the list of its user lost ends with the others, and stays so when the round is lost after", async () => {
  const { open, client } = await openSite();
  const { sessions } = await open();
  await sessions.create("s", { userId: "ana", idleMs: HOUR_MS });
  await client.del(keyspace.sessionsOf("ana"));
  await sessions.endAll("ana");
  await sessions.create("later", { userId: "ana", idleMs: HOUR_MS });
  expect(await sessions.read("s")).toBeUndefined();
  await client.del(keyspace.sessionRound("ana"));
  expect(await sessions.read("s")).toBeUndefined();
  expect(await sessions.read("later")).toBeDefined();
  await client.del(keyspace.sessionRound("ana"));
  await sessions.create("latest", { userId: "ana", idleMs: HOUR_MS });
  expect([await sessions.read("s"), (await sessions.of("ana")).length]).toEqual([undefined, 2]);
});

/** What stands under keys, to be brought back later. */
async function snapshot(client: Awaited<ReturnType<typeof openSite>>["client"], keys: readonly string[]) {
  const bytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  const kept = await Promise.all(keys.map(async (key) => [key, (await bytes.dump(key)) as Buffer] as const));
  return async () => {
    for (const [key, dump] of kept) await client.restore(key, HOUR_MS, dump, { REPLACE: true });
  };
}

const keysOfAna = [keyspace.session("s"), keyspace.sessionsOf("ana"), keyspace.sessionRound("ana")];

test("every node remembers what was ended with all of a user, and ends it again where it is back", async () => {
  const { open, client } = await openSite();
  const [one, two] = [await open(), await open()];
  await one.sessions.create("s", { userId: "ana", idleMs: HOUR_MS });
  const bringBack = await snapshot(client, keysOfAna);
  await one.sessions.endAll("ana");
  await two.change({ tags: ["t"], wait: "applied" });
  await bringBack();
  expect(await two.sessions.read("s")).toBeUndefined();
  await until(async () => (await client.hGet(keyspace.session("s"), "e")) === "1", {
    what: "it is ended again",
    withinMs: 5_000,
  });
});

test("a session that the ground did not know of when its user was signed out ends when data has been lost; a later one does not", async () => {
  const { open, client } = await openSite();
  const [one, two] = [await open(), await open()];
  await one.sessions.create("s", { userId: "ana", idleMs: HOUR_MS });
  await one.sessions.create("kept", { userId: "ana", idleMs: HOUR_MS });
  const bringBack = await snapshot(client, keysOfAna);
  await client.del(keysOfAna);
  // As on a primary that was replaced already: the session stands in its successor.
  expect(await two.sessions.endAll("ana", { except: "kept" })).toBe(0);
  await bringBack();
  await two.sessions.create("later", { userId: "ana", idleMs: HOUR_MS });
  expect(await one.sessions.read("s")).toBeDefined();
  await client.del([keyspace.head, keyspace.log]);
  await until(async () => (await one.sessions.read("s")) === undefined, {
    what: "it is ended",
    withinMs: 8_000,
  });
  expect((await one.sessions.of("ana")).map(({ id }) => id).sort()).toEqual(["kept", "later"]);
});

test("sessions of connect-redis are read and taken over, and what it writes late brings nothing back", async () => {
  const { open, client } = await openSite();
  const { sessions } = await open();
  const theirs = new RedisStore({ client, prefix: "sess:" });
  const put = (id: string, user: string) =>
    theirs.set(id, { cookie: { originalMaxAge: 60_000 }, user } as never);
  sessions.takeOver({ userOf: ({ owner }) => owner as undefined });
  sessions.takeOver({ userOf: ({ user }) => (user === "nobody" ? undefined : String(user)) });
  for (const id of ["anonymous", "ended", "rotated"]) await put(id, "nobody");
  await put("ana", "ana");
  expect(await sessions.read("anonymous")).toMatchObject({ version: 0, data: { user: "nobody" } });
  const saved = await sessions.save("anonymous", { base: 0, set: { cart: [1] }, idleMs: HOUR_MS });
  expect(saved).toMatchObject({ state: "saved", version: 2 });
  await put("anonymous", "late");
  expect((await sessions.read("anonymous"))!.data).toMatchObject({ user: "nobody", cart: [1] });
  await sessions.end("ended");
  await put("ended", "nobody");
  expect(await sessions.read("ended")).toBeUndefined();
  expect(await sessions.rotate("rotated", "fresh", { userId: "ben" })).toMatchObject({ state: "rotated" });
  expect(await client.exists("sess:rotated")).toBe(0);
  expect((await sessions.read("fresh"))!.data).toMatchObject({ user: "nobody" });
  expect(await sessions.read("ana")).toMatchObject({ userId: "ana" });
  await sessions.endAll("ana");
  await put("another", "ana");
  expect([await sessions.read("ana"), await sessions.read("another")]).toEqual([undefined, undefined]);
});

test("what connect-redis loses and brings back, sessions do not", async () => {
  const { open, client } = await openSite();
  const { sessions } = await open();
  const theirs = new RedisStore({ client, prefix: "peer:" });
  const cookie = { originalMaxAge: 60_000 };
  await theirs.set("s", { cookie } as never);
  const copies = [await theirs.get("s"), await theirs.get("s")];
  await theirs.set("s", { ...copies[0], a: 1 } as never);
  await theirs.set("s", { ...copies[1], b: 1 } as never);
  expect(await theirs.get("s")).not.toHaveProperty("a");
  await theirs.destroy("s");
  await theirs.set("s", { ...copies[1], b: 1 } as never);
  expect(await theirs.get("s")).toBeDefined();
  await sessions.create("s", { idleMs: HOUR_MS });
  await sessions.save("s", { base: 1, set: { a: 1 } });
  await sessions.save("s", { base: 1, set: { b: 1 } });
  expect((await sessions.read("s"))!.data).toEqual({ a: 1, b: 1 });
  await sessions.end("s");
  await sessions.save("s", { base: 3, set: { b: 1 } });
  expect(await sessions.read("s")).toBeUndefined();
});
