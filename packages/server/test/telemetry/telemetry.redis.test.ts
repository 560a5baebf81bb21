import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { startRedis, until } from "@livecache/rig";
import { createLive } from "livecache";
import { createHealth } from "livecache/health";
import { createMetrics } from "livecache/metrics";
import { openRedis } from "livecache/redis";
import { expect, onTestFinished, test } from "vitest";

const SECRET = "0123456789abcdef0123456789abcdef";
const BOUND = { withinMs: 5_000 };
const SAMPLE = /^[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\.)*",?)+\})? (?:\+Inf|[-+.\de]+)$/;

async function openNode() {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const live = createLive({ ground: await openRedis(redis.url), secret: SECRET });
  onTestFinished(() => live.close());
  return { redis, live };
}

async function serve(listener: RequestListener) {
  const http = createServer(listener);
  await new Promise<void>((resolve) => void http.listen(0, resolve));
  onTestFinished(() => void http.close());
  return async () => {
    const response = await fetch(`http://localhost:${(http.address() as AddressInfo).port}/`);
    return { status: response.status, text: await response.text() };
  };
}

test("a scrape tells what the node has counted, in the format of Prometheus, also during an outage", async () => {
  const { redis, live } = await openNode();
  const metrics = createMetrics(live);
  const scrape = await serve(metrics.handler);
  await until(() => live.door.applied() !== undefined, { what: "the node follows the log", ...BOUND });
  for (const _ of [1, 2]) await live.cache.getOrSet("user:42:orders", async () => 1, { ttl: "1m" });
  await live.change({ tags: ["user:42"] });
  const { status, text } = await scrape();
  expect(status).toBe(200);
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("# "));
  expect(lines.filter((line) => !SAMPLE.test(line))).toEqual([]);
  const told = [
    'livecache_cache_answers_total{pattern="user:*:orders",reason="absent"} 1',
    'livecache_cache_loads_total{pattern="user:*:orders"} 1',
    'livecache_changes_total{scope="cluster"} 1',
    "livecache_change_seconds_count 1",
    "livecache_cache_load_seconds_count 1",
    "livecache_ground_up 1",
    `livecache_node_info{node="${live.node}",ground="redis"} 1`,
  ];
  for (const line of told) expect(lines).toContain(line);
  expect(text).toMatch(/answers_total\{pattern="user:\*:orders",reason="hit-(?:near|far)"\} 1\n/);
  redis.freeze();
  await live.change({ tags: ["user:42"] });
  await until(() => live.status().state === "away", { what: "the outage is noticed", ...BOUND });
  const away = (await scrape()).text;
  expect(away).toContain("livecache_ground_up 0\n");
  expect(away).toContain("livecache_changes_pending 1\n");
  expect(away).toContain('livecache_changes_total{scope="local"} 1\n');
  redis.thaw();
  metrics.close();
  await live.change({ tags: ["user:42"] });
  expect(metrics.text()).toContain("livecache_change_seconds_count 2\n");
});

test("a node is ready while Redis is away, and says so; it is not when its database is", async () => {
  const { redis, live } = await openNode();
  const database = { isUp: true };
  const health = createHealth(live, {
    checks: { database: async () => (database.isUp ? 1 : Promise.reject(new Error("no database"))) },
  });
  const [livez, readyz] = [await serve(health.livez), await serve(health.readyz)];
  await until(async () => (await readyz()).status === 200, { what: "it is ready", ...BOUND });
  expect(JSON.parse((await readyz()).text)).toEqual({
    status: "pass",
    node: live.node,
    checks: { ground: { status: "pass" }, database: { status: "pass" } },
  });
  redis.freeze();
  await until(() => live.status().state === "away", { what: "the outage is noticed", ...BOUND });
  const away = await readyz();
  expect(away.status).toBe(200);
  expect(JSON.parse(away.text)).toMatchObject({ status: "warn", checks: { ground: { status: "warn" } } });
  database.isUp = false;
  const failed = await readyz();
  expect(failed.status).toBe(503);
  expect(JSON.parse(failed.text)).toMatchObject({
    checks: { database: { status: "fail", output: "no database" } },
  });
  expect((await livez()).status).toBe(200);
  redis.thaw();
});

test("a check that takes too long has failed", async () => {
  const live = createLive();
  onTestFinished(() => live.close());
  const { checks, status } = await createHealth(live, {
    checks: { slow: () => new Promise(() => undefined) },
  }).report();
  expect([status, checks["slow"]]).toEqual(["fail", { status: "fail", output: "no answer within a second" }]);
});

test("health tells of the services by the names and in the words of the application", async () => {
  const { redis, live } = await openNode();
  const database = { isUp: true };
  const health = createHealth(live, {
    services: {
      mongodb: async () => (database.isUp ? 1 : Promise.reject(new Error("no database"))),
      redis: "ground",
      socketio: { check: async () => true, up: "active", down: "stopped" },
    },
  });
  const ask = await serve(health.health);
  await until(async () => (await ask()).status === 200, { what: "it is well", ...BOUND });
  const well = JSON.parse((await ask()).text) as { timestamp: string };
  expect(well).toEqual({
    status: "ok",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    services: { mongodb: "connected", redis: "connected", socketio: "active" },
  });
  redis.freeze();
  await until(() => live.status().state === "away", { what: "the outage is noticed", ...BOUND });
  const away = await ask();
  expect([away.status, JSON.parse(away.text)]).toMatchObject([
    200,
    { status: "degraded", services: { mongodb: "connected", redis: "disconnected", socketio: "active" } },
  ]);
  database.isUp = false;
  const failed = await ask();
  expect([failed.status, JSON.parse(failed.text)]).toMatchObject([
    503,
    { status: "error", services: { mongodb: "disconnected" } },
  ]);
  redis.thaw();
});

test("without services health tells of the ground and every check; what a check says is told without secrets", async () => {
  const live = createLive();
  onTestFinished(() => live.close());
  const checks = { database: () => Promise.reject(new Error("postgres://app:secret@db refused")) };
  const health = createHealth(live, { checks });
  const ask = await serve(health.health);
  await until(() => live.door.applied() !== undefined, { what: "the node has begun", ...BOUND });
  const { services } = JSON.parse((await ask()).text) as { services: unknown };
  expect(services).toEqual({ ground: "connected", database: "disconnected" });
  expect((await health.report()).checks["database"]).toEqual({
    status: "fail",
    output: "postgres://***@db refused",
  });
});

test("services and options of health that are none are refused by name", () => {
  const live = createLive();
  onTestFinished(() => live.close());
  expect(() => createHealth(live, { cheks: {} } as never)).toThrow('Did you mean "checks"?');
  expect(() => createHealth(live, { services: { redis: "redis" as never } })).toThrow(
    /services.redis: expected "ground"/,
  );
  expect(() => createHealth(live, { services: { redis: { check: "ground", up: 1 as never } } })).toThrow(
    /redis.up: expected a word/,
  );
});
