import type { WatchReply } from "@livecache/wire";
import { formatPosition } from "@livecache/wire";
import { expect, test } from "vitest";
import { serve } from "./serve.ts";

test("a stock client hears that a response it has read is out of date, and one that comes back learns it at once", async () => {
  const site = await serve();
  const token = await site.respond({ key: "dashboard", tags: ["hostel:7"] });
  const visitor = await site.connect();
  const reply = await visitor.ask<WatchReply>("watch", { token });
  expect(reply).toMatchObject({ ok: true, state: "fresh" });

  const change = await site.live.change({ tags: ["hostel:7"] });
  expect(await visitor.names(1)).toEqual(["stale"]);
  expect(visitor.got[0]!.body).toEqual({
    id: (reply as unknown as WatchReply).id,
    position: formatPosition(change.position!),
    changeId: change.changeId,
  });

  const again = await site.connect();
  expect(await again.ask("watch", { token })).toMatchObject({ ok: true, state: "stale" });
});

test("two sockets that watch the same response are both told; one that has unwatched, or gone, is not", async () => {
  const site = await serve();
  const token = await site.respond({ key: "dashboard", tags: ["hostel:7"] });
  const [a, b, c, d] = await Promise.all([site.connect(), site.connect(), site.connect(), site.connect()]);
  for (const visitor of [a, b, c, d]) await visitor.ask("watch", { token });
  expect(await c.ask("unwatch", { id: "1" })).toEqual({ ok: true });
  d.socket.disconnect();
  await site.live.change({ tags: ["hostel:7"] });
  expect(await a.names(1)).toEqual(["stale"]);
  expect(await b.names(1)).toEqual(["stale"]);
  // An answer comes after anything that was sent before it.
  await c.ask("unwatch", { id: "1" });
  expect(c.got).toEqual([]);
  expect(d.got).toEqual([]);
});

test("a token of another identity is refused, and so is a forged one", async () => {
  const site = await serve();
  const warden = { userId: "w1", role: "warden" };
  const token = await site.respond({ key: "dashboard", vary: ["role"], identity: warden });
  const student = await site.connect({ auth: { user: { userId: "s1", role: "student" } } });
  const refused = { ok: false, code: "LIVE_TOKEN_INVALID", retryable: false };
  expect(await student.ask("watch", { token })).toMatchObject(refused);
  const allowed = await site.connect({ auth: { user: warden } });
  expect(await allowed.ask("watch", { token })).toMatchObject({ ok: true, state: "fresh" });
  expect(await allowed.ask("watch", { token: `${token}x` })).toMatchObject(refused);
});

test("a disconnected socket leaves no watch behind", async () => {
  const site = await serve();
  const token = await site.respond({ key: "dashboard" });
  const visitor = await site.connect();
  await visitor.ask("watch", { token });
  const { hub } = site.live.door;
  expect(hub.figures()).toMatchObject({ connections: 1, watches: 1 });
  visitor.socket.disconnect();
  await expect.poll(() => hub.figures()).toMatchObject({ connections: 0, watches: 0 });
});

test("after live.close() a frame is refused, and the socket stays the application's", async () => {
  const site = await serve({
    prepare: (io) => io.on("connection", (socket) => socket.on("ping-me", (ack) => ack("pong"))),
  });
  const visitor = await site.connect();
  await site.live.close();
  expect(await visitor.ask("watch", { token: "x" })).toMatchObject({ ok: false, code: "LIVE_CLOSED" });
  expect(await visitor.socket.timeout(5_000).emitWithAck("ping-me")).toBe("pong");
});
