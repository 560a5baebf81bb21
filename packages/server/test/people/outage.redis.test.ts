import { expect, test, vi } from "vitest";
import { openRedisOfTest, startNode } from "./people-site.ts";

const room = "room/7";

test("while Redis is away a notification waits: this node's tabs are told at once, everybody once it is back, and it is kept once", async () => {
  const { redis, open } = await openRedisOfTest();
  const [node, other] = [await startNode(open), await startNode(open)];
  const [here, there] = [await node.connect("ana"), await other.connect("ana")];
  for (const tab of [here, there]) await tab.join("notifications/ana");
  redis.freeze();
  await vi.waitUntil(() => node.live.status().state === "away", 10_000);
  const sent = await node.live.notify("ana", "assigned", { issue: 7 });
  expect(sent).toMatchObject({ scope: "local", pending: true });
  await expect.poll(() => here.bodies("notification")).toMatchObject([{ id: sent.id, data: { issue: 7 } }]);
  expect(here.bodies("notification")[0]).not.toHaveProperty("unread");
  expect(await node.live.notifications.markRead("ana", { ids: ["unknown"] })).toEqual({});
  await expect(node.live.notifications.list("ana")).rejects.toMatchObject({ retryable: true });
  expect(await here.ask("notifications")).toMatchObject({ ok: false, retryable: true });
  redis.thaw();
  await expect
    .poll(() => there.bodies("notification"), { timeout: 15_000 })
    .toMatchObject([{ id: sent.id, unread: 1 }]);
  await vi.waitUntil(() => other.live.status().state === "here", 15_000);
  expect(await other.live.notifications.list("ana")).toMatchObject({ unread: 1, items: [{ id: sent.id }] });
  // The tab that was told already is told once more, with the place where its channel stands, under the same id.
  await expect.poll(() => here.bodies("notification").at(-1)).toMatchObject({ id: sent.id, unread: 1 });
  expect(there.bodies("notification")).toHaveLength(1);
});

test("while Redis is away a message without an id is handled, one with an id is refused as retryable, and typing stays on the node", async () => {
  const { redis, open } = await openRedisOfTest();
  const node = await startNode(open);
  let turns = 0;
  node.live.handle("room/:id", { leave_note: () => ++turns });
  const [ana, ben] = [await node.connect("ana"), await node.connect("ben")];
  for (const visitor of [ana, ben]) await visitor.join(room);
  await redis.kill();
  await vi.waitUntil(() => node.live.status().state === "away", 10_000);
  const note = { channel: room, name: "leave_note", data: { text: "x" } };
  expect(await ana.ask("send", note)).toEqual({ ok: true, data: 1 });
  expect(await ana.ask("send", { ...note, id: "m1" })).toMatchObject({ ok: false, retryable: true });
  expect(turns).toBe(1);
  expect(await ana.ask("typing", { channel: room, on: true })).toEqual({ ok: true });
  await expect.poll(() => ben.bodies("typing")).toMatchObject([{ users: ["ana"] }]);
  await redis.restart();
  await vi.waitUntil(() => node.live.status().state === "here", 15_000);
  await expect
    .poll(() => ana.ask("send", { ...note, id: "m1" }), { timeout: 10_000 })
    .toEqual({ ok: true, data: 2 });
  expect(await ana.ask("send", { ...note, id: "m1" })).toEqual({ ok: true, data: 2 });
});

test("typing ends by itself after five seconds, on every node", async () => {
  const { open } = await openRedisOfTest();
  const [node, other] = [await startNode(open), await startNode(open)];
  const [ana, ben] = [await node.connect("ana"), await other.connect("ben")];
  for (const visitor of [ana, ben]) await visitor.join(room);
  await ana.ask("typing", { channel: room, on: true });
  await vi.waitUntil(() => ben.bodies("typing").length === 1, 5_000);
  const beganAtMs = performance.now();
  await vi.waitUntil(() => ben.bodies("typing").length === 2, { timeout: 9_000, interval: 20 });
  expect(ben.bodies("typing").map(({ users }) => users)).toEqual([["ana"], []]);
  expect(performance.now() - beganAtMs).toBeGreaterThan(4_500);
});
