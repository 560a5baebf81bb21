import { startRedis } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { runLoad } from "../src/load/run.ts";
import { startHostel } from "./support/start-hostel.ts";

test("Redis dies during the day and comes back empty: the server lives on, and every screen ends up right", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const example = await startHostel({ REDIS_URL: redis.url, DATA_DIR: "memory://" });
  onTestFinished(() => example.kill());

  const outage: Promise<unknown>[] = [];
  const run = await runLoad({
    url: example.url,
    seconds: 10,
    seed: 3,
    reports: 100,
    onProgress(part) {
      if (part > 0.35 && outage.length === 0) outage.push(redis.kill());
      if (part > 0.65 && outage.length === 1) outage.push(redis.restart());
    },
  });
  await Promise.all(outage);
  expect(outage).toHaveLength(2);

  expect(example.isRunning()).toBe(true);
  expect(example.errors()).not.toMatch(/unhandled|uncaught/i);
  // Without Redis nothing is cached for longer than a second, so a slow machine may answer late; it never refuses.
  const refusals = [...run.tally.errors.keys()].filter((what) => what !== "no answer (TimeoutError)");
  expect(refusals).toEqual([]);
  expect(run).toMatchObject({ screens: 20, screensConverged: 20 });
  expect(run.tally.staleReads).toBe(0);
}, 120_000);
