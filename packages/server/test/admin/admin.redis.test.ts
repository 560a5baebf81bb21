import { startRedis } from "@livecache/rig";
import { openRedis } from "livecache/redis";
import { expect, onTestFinished, test } from "vitest";
import { adminCases, openNode } from "./admin-cases.ts";

async function openTwo() {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const nodes = [
    await openNode(await openRedis(redis.url)),
    await openNode(await openRedis(redis.url)),
  ] as const;
  return { redis, nodes };
}

adminCases(async () => (await openTwo()).nodes);

test("while Redis is frozen a node reports on itself alone, and a change says that it waits", async () => {
  const { redis, nodes } = await openTwo();
  const [a] = nodes;
  redis.freeze();
  const { changeId } = await a.change({ tags: ["hostel:7"] });
  const { nodes: found } = await a.admin.trace(changeId);
  expect(found).toMatchObject([{ node: a.node, write: { scope: "local" } }]);
  expect(found[0]).not.toHaveProperty("position");
  const report = await a.admin.nodes();
  expect(report.nodes).toMatchObject([{ node: a.node, hasPending: true }]);
  redis.thaw();
});
