import { createLive, defineContract } from "../../src/index.ts";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { openRedis } from "../../src/redis/open.ts";
import { joinAs } from "../live/member.ts";
import { openSite, refuseUnhandledRejections, untilStatus } from "./redis-site.ts";
import type { RedisSite } from "./redis-site.ts";

refuseUnhandledRejections();

const contract = defineContract({
  channels: { news: { events: { item: z.any() }, whispers: { hint: z.any() } } },
});

async function startNode(site: RedisSite, url = site.url) {
  const ground = await openRedis(url);
  const live = createLive({
    ground,
    contract,
    authorize: { news: () => true },
    secret: "x".repeat(32),
    logger: { warn: () => undefined },
  });
  onTestFinished(live.close);
  return { live, ground, say: (item: unknown) => live.publish("news", {}, "item", item) };
}

test("while Redis is killed a node tells its own members at once, without a cursor, and all of them once it is back", async () => {
  const site = await openSite({}, ["--appendonly", "yes", "--appendfsync", "always"]);
  const [here, there] = [await startNode(site), await startNode(site)];
  const [near, far] = [
    await joinAs(here.live, { channel: "news" }),
    await joinAs(there.live, { channel: "news" }),
  ];
  await here.say(1);
  await vi.waitUntil(() => far.sent.length === 1);
  await site.redis.kill();
  const told = await here.say(2);
  expect(told).toMatchObject({ scope: "local", pending: true });
  expect(near.sent).toEqual([1, 2]);
  expect(near.metas[1]).toEqual({ channel: "news", changeId: told.changeId });
  await here.live.whisper("news", {}, "hint", "psst");
  expect(near.sent).toEqual([1, 2, "psst"]);
  expect(far.sent).toEqual([1]);
  await site.redis.restart();
  await untilStatus(here.ground, "here", 5_000);
  await vi.waitUntil(() => far.sent.includes(2), 5_000);
  await vi.waitUntil(() => near.sent.length === 4, 5_000);
  expect(near.metas[3]).toMatchObject({
    changeId: told.changeId,
    cursor: expect.stringMatching(/-2$/) as string,
  });
  expect(far.sent).toEqual([1, 2]);
});

test("an event that Redis has taken although nobody heard it answer is told to the node's members once", async () => {
  const site = await openSite();
  const node = await startNode(site);
  const member = await joinAs(node.live, { channel: "news" });
  await node.say(1);
  site.gate.hangReplies();
  const unknown = await node.say(2);
  expect(unknown.scope).toBe("local");
  site.gate.pass();
  const other = await startNode(site, site.redis.url);
  await other.say(3);
  await vi.waitUntil(() => member.sent.includes(3), 8_000);
  const durable = member.metas.filter((meta) => (meta as { cursor?: string }).cursor !== undefined);
  expect(durable.map((meta) => (meta as { cursor: string }).cursor.split("-")[1])).toEqual(["1", "2", "3"]);
});
