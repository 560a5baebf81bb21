import { defineContract } from "@livecache/wire";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Identity } from "../../src/base/identity.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { Ground } from "../../src/ports/ground.ts";
import { joinAs } from "./member.ts";

const contract = defineContract({
  channels: {
    news: { events: { item: z.any() } },
    short: { events: { item: z.any() }, history: { events: 3, age: "1h" } },
    none: { events: { item: z.any() }, history: false },
    "own/:userId": { events: { item: z.any() } },
  },
});

/** Nodes over one ground, without sockets. */
function startNodes(
  ground: Ground,
  count: number,
  authorizeOwn: (identity?: Identity) => boolean = () => true,
) {
  const nodes = Array.from({ length: count }, () =>
    createLive({
      ground: { ...ground, close: () => Promise.resolve() },
      contract,
      secret: "x".repeat(32),
      identify: ({ auth }) => auth?.["user"] as Identity,
      authorize: {
        news: () => true,
        short: () => true,
        none: () => true,
        "own/:userId": (identity) => authorizeOwn(identity),
      },
    }),
  );
  onTestFinished(async () => {
    for (const node of nodes) await node.close();
    await ground.close();
  });
  return nodes;
}

type Node = ReturnType<typeof startNodes>[number];

const join = (node: Node, channel: string, cursor?: string) => joinAs(node, { channel, cursor });

async function publish(
  node: Node,
  channel: "news" | "short" | "none",
  items: readonly unknown[],
): Promise<void> {
  for (const item of items) await node.publish(channel, {}, "item", item);
}

test("who comes back on another node gets exactly what it missed, then what comes", async () => {
  const [a, b] = startNodes(createMemoryGround(), 2) as [Node, Node];
  const { reply } = await join(a, "news");
  await publish(a, "news", [1, 2, 3]);
  const back = await join(b, "news", reply.cursor);
  expect(back.reply).toMatchObject({ resumed: true, cursor: reply.cursor });
  await publish(a, "news", [4]);
  await vi.waitUntil(() => back.sent.length === 4);
  expect(back.sent).toEqual([1, 2, 3, 4]);
});

test("what the channel keeps bounds what is resumed: at the bound all comes, above it resync", async () => {
  const ground = createMemoryGround();
  const [a, b] = startNodes(ground, 2) as [Node, Node];
  const { reply } = await join(a, "short");
  await publish(a, "short", [1, 2, 3]);
  expect((await join(b, "short", reply.cursor)).sent).toEqual([1, 2, 3]);
  await publish(a, "short", [4]);
  const [c] = startNodes(ground, 1) as [Node];
  const back = await join(c, "short", reply.cursor);
  expect(back.reply).toMatchObject({ resumed: false, reason: "trimmed" });
  expect(back.reply.cursor).toMatch(/-4$/);
});

test("a channel without history resumes only who missed nothing", async () => {
  const [a, b] = startNodes(createMemoryGround(), 2) as [Node, Node];
  const { reply } = await join(a, "none");
  expect((await join(b, "none", reply.cursor)).reply).toMatchObject({ resumed: true });
  await b.close();
  await publish(a, "none", [1]);
  const [epoch] = reply.cursor.split("-");
  expect((await join(a, "none", `${epoch}-1`)).reply).toMatchObject({ resumed: true });
});

test("nothing is replayed to somebody who is not allowed in any more", async () => {
  let allowed = true;
  const [a] = startNodes(createMemoryGround(), 1, () => allowed) as [Node];
  const { reply } = await join(a, "own/u");
  await a.publish("own/:userId", { userId: "u" }, "item", "secret");
  allowed = false;
  await expect(join(a, "own/u", reply.cursor)).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
});

test("events published all the while are neither lost nor doubled for any of those who come back", async () => {
  const [a, b] = startNodes(createMemoryGround(), 2) as [Node, Node];
  const { reply } = await join(a, "news");
  const items = Array.from({ length: 200 }, (_, index) => index);
  const publishing = publish(a, "news", items);
  const back = [];
  for (let visitor = 0; visitor < 20; visitor++)
    back.push(await join(visitor % 2 ? a : b, "news", reply.cursor));
  await publishing;
  for (const { sent } of back) {
    await vi.waitUntil(() => sent.length >= items.length);
    expect(sent).toEqual(items);
  }
});

test("more than is sent at once is an overflow, and the channel goes on from where it stands", async () => {
  const [a, b] = startNodes(createMemoryGround(), 2) as [Node, Node];
  const { reply } = await join(a, "news");
  const emit = Array.from({ length: 100 }, (_, item) => a.event("news", {}, "item", item));
  for (let hundred = 0; hundred < 5; hundred++) await a.change({ emit });
  expect((await join(b, "news", reply.cursor)).reply).toMatchObject({ resumed: true });
  await publish(a, "news", ["one more"]);
  expect((await join(b, "news", reply.cursor)).reply).toMatchObject({ resumed: false, reason: "trimmed" });
});
