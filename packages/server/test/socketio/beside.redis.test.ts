import { startRedis } from "@livecache/rig";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { expect, onTestFinished, test } from "vitest";
import { openRedis } from "../../src/redis/open.ts";
import { serve } from "./serve.ts";
import type { Site, SiteOptions } from "./serve.ts";

/** A node on a Redis, whose application uses the stock adapter on the same Redis. */
async function openNode(url: string, options: SiteOptions = {}): Promise<Site> {
  const [pub, sub] = [createClient({ url }), createClient({ url })];
  for (const client of [pub, sub]) {
    client.on("error", () => undefined);
    await client.connect();
  }
  const ground = await openRedis(url);
  const site = await serve({
    ...options,
    ground,
    prepare: (io) => {
      io.adapter(createAdapter(pub, sub));
      io.on("connection", (socket) => socket.on("enter", (room: string) => void socket.join(room)));
      io.on("app:hello", (answer: (said: string) => void) => answer("hi"));
    },
  });
  onTestFinished(async () => {
    await Promise.allSettled([pub.close(), sub.close()]);
  });
  return site;
}

test.each([
  ["", {}],
  [", connection state recovery on", { io: { connectionStateRecovery: {} } }],
])(
  "two nodes with the stock Redis adapter%s: its rooms and ours both work, and each event comes once",
  async (_what, options) => {
    const redis = await startRedis();
    onTestFinished(redis.close);
    const [a, b] = [await openNode(redis.url, options), await openNode(redis.url, options)];
    const [one, other] = [await a.connect(), await b.connect()];
    for (const visitor of [one, other]) {
      visitor.socket.emit("enter", "lobby");
      expect(await visitor.ask("join", { channel: "news" })).toMatchObject({ ok: true });
    }
    await expect.poll(async () => (await a.io.in("lobby").fetchSockets()).length).toBe(2);
    a.io.to("lobby").emit("own", "from a");
    for (let number = 0; number < 20; number++)
      await (number % 2 ? a : b).live.publish("news", {}, "item", number);
    const items = (got: typeof one.got) => got.filter(({ name }) => name === "item").map(({ body }) => body);
    for (const { got } of [one, other]) {
      await expect.poll(() => items(got).length).toBe(20);
      expect(items(got)).toEqual(Array.from({ length: 20 }, (_, number) => number));
      await expect.poll(() => got.filter(({ name }) => name === "own").length).toBe(1);
    }
    await a.live.whisper("news", {}, "progress", 7);
    for (const { got } of [one, other])
      await expect.poll(() => got.filter(({ name }) => name === "progress").length).toBe(1);
    expect(await a.io.serverSideEmitWithAck("app:hello")).toEqual(["hi"]);
    b.io.in("lobby").disconnectSockets();
    await expect.poll(() => one.socket.connected || other.socket.connected).toBe(false);
  },
);

test("a session that the application recovers on two nodes is asked who it is, and goes on where it stood", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  let identified = 0;
  const node = await openNode(redis.url, {
    io: { connectionStateRecovery: {} },
    identify: () => void identified++,
  });
  const visitor = await node.connect({ reconnection: true, reconnectionDelay: 10 });
  await visitor.ask("join", { channel: "news" });
  await node.live.publish("news", {}, "item", 1);
  await visitor.names(1);
  const { cursor } = visitor.got[0]!.meta!;
  visitor.socket.io.engine.close();
  await node.live.publish("news", {}, "item", 2);
  await expect.poll(() => visitor.socket.connected && identified).toBe(2);
  expect(await visitor.ask("join", { channel: "news", cursor })).toMatchObject({ ok: true, resumed: true });
  await expect.poll(() => visitor.got.map(({ body }) => body)).toEqual([1, 2]);
});
