import { startRedis, until } from "@livecache/rig";
import { openRedis } from "livecache/redis";
import { expect, onTestFinished, test } from "vitest";
import { actCases, operationsCases } from "./cases.ts";
import { feedCases } from "./feed-cases.ts";
import { openNode } from "./site.ts";
import { figureCases, stockCases } from "./stock-cases.ts";

async function openTwo() {
  const redis = await startRedis();
  onTestFinished(redis.close);
  return [await openNode(await openRedis(redis.url)), await openNode(await openRedis(redis.url))] as const;
}
operationsCases(openTwo);
actCases(openTwo);
feedCases(openTwo);
stockCases(openTwo);
figureCases(openTwo);

test("the ground tells of its server and of what is kept in it, and goes on telling while it is away", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const { ask, live } = await openNode(await openRedis(redis.url));
  await live.cache.set("user:1", 1, { ttl: "1m" });
  const { body } = await ask("GET ground");
  expect(body).toMatchObject({
    ...{ node: live.node, kind: "redis", isPartial: false, status: { state: "here" } },
    servers: [{ place: "server", role: "master", policy: expect.any(String), clients: expect.any(Number) }],
    counts: { entries: 1, log: expect.any(Number) },
  });
  expect(body).not.toHaveProperty("slot");
  await redis.close();
  await until(() => live.status().state === "away", { what: "the ground is away", withinMs: 5_000 });
  const { body: away, status } = await ask("GET ground");
  expect([status, away["servers"], away["isPartial"]]).toEqual([200, [], true]);
});
