import { startRedis } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLive } from "../../src/index.ts";
import type { Live } from "../../src/index.ts";
import { openRedis } from "../../src/redis/open.ts";

const secret = "s".repeat(32);
let redis: RedisProcess;
let live: Live;

beforeAll(async () => {
  redis = await startRedis();
  live = createLive({ ground: await openRedis(redis.url), secret, logger: { warn: () => undefined } });
});

afterAll(async () => {
  await live.close();
  await redis.close();
});

test("why and getStats on Redis: what is there, what voided it, and what is left when Redis is gone", async () => {
  const read = () => live.cache.getOrSet("user:7", () => ({ name: "ana" }), { ttl: "1h", tags: ["users"] });
  await read();
  await read();
  expect(await live.why("user:7")).toMatchObject({ far: { state: "fresh", tags: ["users"] } });
  expect(await live.cache.getStats()).toMatchObject({ type: "redis", connected: true, size: 1, hits: 1 });
  const { changeId } = await live.change({ tags: ["users"] });
  await expect
    .poll(async () => (await live.why("user:7")).far)
    .toMatchObject({
      state: "void",
      reason: "changed",
      cause: { tag: "users", changeId },
    });
  await redis.kill();
  await expect.poll(() => live.status().state, { timeout: 5_000 }).toBe("away");
  expect(await live.why("user:7")).toMatchObject({ far: "unreachable" });
  expect(await live.cache.getStats()).toMatchObject({ type: "redis", connected: false, size: 0 });
});
