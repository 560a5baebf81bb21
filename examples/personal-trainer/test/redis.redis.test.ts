import { startRedis, until } from "@livecache/rig";
import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import { expect, onTestFinished, test } from "vitest";
import type { Progress } from "../src/answers.ts";
import { aWorkout, read, startHere, visit } from "./support/visitor.ts";

const SEED_KEYS = [
  "user:mia:progress",
  "user:mia:workouts",
  "user:mia:stats",
  "workouts:member:mia",
  "trainer:nora:clients",
];

test("Redis shows the seed's keys; when it dies the application goes on, and nothing old comes back with it", async () => {
  const secret = "a secret of more than thirty-two letters";
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const server = await startHere({ redisUrl: redis.url, secret });
  onTestFinished(() => server.close());
  const [mia, nora] = await Promise.all([visit(server.url, "mia"), visit(server.url, "nora")]);
  const path = "/api/users/mia/progress";
  const paths = ["progress", "workouts", "stats"].map((part) => `/api/users/mia/${part}`);
  const beside = createLive({ realm: "trainer", secret, ground: await openRedis(redis.url) });
  onTestFinished(() => beside.close());
  // What a busy machine was too late to store is stored when it is read again.
  await until(
    async () => {
      for (const each of paths) await read(mia, each);
      await read(nora, "/api/members/mia/workouts");
      await read(nora, "/api/trainer/clients");
      const keys = await beside.cache.getKeys("*");
      return SEED_KEYS.every((key) => keys.includes(key));
    },
    { what: "Redis shows the keys", withinMs: 20_000 },
  );
  expect(await beside.cache.getKeys("workouts:*")).toEqual(["workouts:member:mia"]);

  const before = (await read<Progress>(mia, path)).data.totalWorkouts;
  await redis.kill();
  expect((await mia.send("POST /api/workouts", aWorkout("In the dark"))).status).toBe(201);
  expect((await read<Progress>(mia, path)).data.totalWorkouts).toBe(before + 1);
  await redis.restart();
  await until(
    async () =>
      ((await (await fetch(`${server.url}/health`)).json()) as { ground: string }).ground === "here",
    { what: "the node is back on Redis", withinMs: 10_000 },
  );
  expect((await read<Progress>(mia, path)).data.totalWorkouts).toBe(before + 1);
  await until(async () => (await read(mia, path)).source === "cache", {
    what: "progress is cached again",
    withinMs: 5_000,
  });
}, 120_000);
