import { startRedis } from "@livecache/rig";
import { openRedis } from "livecache/redis";
import { onTestFinished } from "vitest";
import { actCases, operationsCases } from "./cases.ts";
import { feedCases } from "./feed-cases.ts";
import { openNode } from "./site.ts";

async function openTwo() {
  const redis = await startRedis();
  onTestFinished(redis.close);
  return [await openNode(await openRedis(redis.url)), await openNode(await openRedis(redis.url))] as const;
}
operationsCases(openTwo);
actCases(openTwo);
feedCases(openTwo);
