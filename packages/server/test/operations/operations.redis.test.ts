import { startRedis } from "@livecache/rig";
import { openRedis } from "livecache/redis";
import { onTestFinished } from "vitest";
import { operationsCases } from "./cases.ts";
import { openNode } from "./site.ts";

operationsCases(async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  return [await openNode(await openRedis(redis.url)), await openNode(await openRedis(redis.url))];
});
