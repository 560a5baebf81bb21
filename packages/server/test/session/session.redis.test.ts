import { startRedis } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import { afterAll, beforeAll, describe, onTestFinished } from "vitest";
import { randomWord } from "../../src/base/ids.ts";
import { createLive } from "../../src/index.ts";
import { openRedis } from "../../src/redis/open.ts";
import { expressCases } from "./express-cases.ts";

describe("express-session over Redis", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  expressCases(async () => {
    const ground = await openRedis(redis.url, { prefix: randomWord(8), commandTimeout: "2s" });
    const live = createLive({ ground, secret: randomWord(32) });
    onTestFinished(live.close);
    return live;
  });
});
