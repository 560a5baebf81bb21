import { startRedis } from "@livecache/rig";
import { onTestFinished } from "vitest";
import { describeSignIn } from "./cases.ts";
import { openNode } from "./visitor.ts";

describeSignIn("two nodes with one Redis", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  return [await openNode(redis.url), await openNode(redis.url)];
});
