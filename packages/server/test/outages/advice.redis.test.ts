import { openGate, startRedis, until } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import { openRedis } from "../../src/redis/open.ts";
import type { OpenRedisOptions } from "../../src/redis/open.ts";
import { refuseUnhandledRejections } from "../redis/redis-site.ts";

refuseUnhandledRejections();

/** A Redis of this test, and a node on it with what it has warned of. */
async function openOn(config: readonly string[], options: OpenRedisOptions = {}, user = "") {
  const redis = await startRedis({ config });
  onTestFinished(redis.close);
  const warned: string[] = [];
  const open = async (): Promise<Live> => {
    const ground = await openRedis(redis.url.replace("://", `://${user}`), options);
    const logger = { warn: (message: string) => void warned.push(message) };
    const live = createLive({ ground, secret: "s".repeat(32), logger });
    onTestFinished(live.close);
    return live as Live;
  };
  return { redis, live: await open(), warned, open };
}

const INPUT = { data: { cart: 1 }, idleMs: 60_000, userId: "ana" };
const inAnHour = () => new Date(Date.now() + 3_600_000);

const codesOf = (live: Live) => live.status().advice.map(({ code }) => code);

test.each(["allkeys-lru", "volatile-lru"])(
  "with %s no session is begun and no token revoked; the cache and what is read go on",
  async (policy) => {
    const { live, redis, warned, open } = await openOn(["--maxmemory-policy", policy, "--maxmemory", "50mb"]);
    const unsafe = { code: "LIVE_GROUND_UNSAFE", retryable: false, details: { policy } };
    await expect(live.sessions.create("a".repeat(32), INPUT)).rejects.toMatchObject(unsafe);
    await expect(live.tokens.revoke("token", inAnHour())).rejects.toMatchObject(unsafe);
    expect(live.tokens.status()).toMatchObject({ size: 0, pending: 0 });
    expect(await live.sessions.read("a".repeat(32))).toBeUndefined();
    expect(await live.cache.getOrSet("k", () => 1, { ttl: "1m" })).toBe(1);
    expect(codesOf(live)).toContain("eviction");
    expect(warned.filter((line) => line.includes(policy))).toHaveLength(1);
    // What a process saw first counts for it; the next one sees anew.
    await redis.command("CONFIG SET maxmemory-policy noeviction");
    await expect(live.tokens.revoke("token", inAnHour())).rejects.toMatchObject(unsafe);
    const next = await open();
    await next.sessions.create("b".repeat(32), INPUT);
    await next.tokens.revoke("token", inAnHour());
    expect(next.tokens.check({ token: "token" })).toBe("revoked");
  },
);

test("who accepts it may, and is not warned", async () => {
  const { live, warned } = await openOn(["--maxmemory-policy", "allkeys-lru"], { evictionAllowed: true });
  expect(await live.sessions.create("a".repeat(32), INPUT)).toMatchObject({ state: "created" });
  await live.tokens.revoke("token", inAnHour());
  expect(codesOf(live)).not.toContain("eviction");
  expect(warned.filter((line) => line.includes("about the redis ground"))).toEqual([]);
});

test("a policy that is changed later is told when the connection is another one, and refuses nobody", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  const warned: string[] = [];
  const logger = { warn: (message: string) => void warned.push(message) };
  const live = createLive({ ground: await openRedis(gate.url), secret: "s".repeat(32), logger });
  onTestFinished(live.close);
  expect(live.status().advice.map(({ code }) => code)).not.toContain("eviction");
  await redis.command("CONFIG SET maxmemory-policy allkeys-lfu");
  gate.cut();
  await until(() => live.status().state === "away", { what: "away", withinMs: 5_000 });
  gate.pass();
  await until(() => live.status().state === "here", { what: "here", withinMs: 4_000 });
  expect(live.status().advice.map(({ code }) => code)).toContain("eviction");
  expect(warned.filter((line) => line.includes("allkeys-lfu"))).toHaveLength(1);
  expect(await live.sessions.create("a".repeat(32), INPUT)).toMatchObject({ state: "created" });
});

test("a Redis of a developer is noted to keep nothing on disk, but that is no line in the log", async () => {
  const { live, warned } = await openOn([]);
  expect(codesOf(live)).toContain("persistence");
  expect(warned).toEqual([]);
});

test("a user who may not ask is told so, and everything works", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  await redis.command("ACL SETUSER app on >pw ~* &* +@all -info -config");
  const live = createLive({
    ground: await openRedis(`redis://app:pw@127.0.0.1:${redis.port}`),
    secret: "s".repeat(32),
  });
  onTestFinished(live.close);
  expect(live.status().advice.map(({ code }) => code)).toEqual(["unknown"]);
  expect(await live.sessions.create("a".repeat(32), INPUT)).toMatchObject({ state: "created" });
});
