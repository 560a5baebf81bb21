import { openGate, startRedis } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { openRedis } from "../../src/redis/open.ts";
import { refuseUnhandledRejections, untilStatus } from "../redis/redis-site.ts";

refuseUnhandledRejections();

test("a Redis that is too slow from the beginning: opening says so, or opens degraded and is here as soon as it is quick", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  gate.delay(40);
  const opened = openRedis(gate.url, { commandTimeout: "60ms", connectTimeout: "4s" });
  await expect(opened).rejects.toMatchObject({
    code: "LIVE_GROUND_AWAY",
    message: expect.stringMatching(/Redis is too slow: its first answer took \d+ ms/),
  });
  const ground = await openRedis(gate.url, {
    start: "degraded",
    commandTimeout: "60ms",
    connectTimeout: "100ms",
  });
  onTestFinished(ground.close);
  expect(ground.status().state).toBe("away");
  gate.pass();
  await untilStatus(ground, "here", 10_000);
});
