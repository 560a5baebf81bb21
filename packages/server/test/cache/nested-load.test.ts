import { expect, test } from "vitest";
import { createMemoryGround } from "../../src/memory/ground.ts";
import { createCluster } from "./test-node.ts";

test("a load that reads another entry from memory does not store what a change before it has voided", async () => {
  const ground = createMemoryGround();
  const cluster = createCluster(ground);
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  let row = 1;
  const data = (node: typeof a) => node.cache.getOrSet("data", () => row, { ttl: "short", tags: ["t"] });
  const page = (node: typeof a) =>
    node.cache.getOrSet("page", async () => `page ${await data(node)}`, { ttl: "short", tags: ["t"] });
  expect(await data(b)).toBe(1);
  b.hearing = false;
  row = 2;
  await a.change("t");
  await page(b);
  expect(await page(a)).toBe("page 2");
  await cluster.close();
  await ground.close();
});
