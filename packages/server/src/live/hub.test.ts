import { expect, test } from "vitest";
import { CONTRACT, event, startHubNode, told } from "../../test/socketio/hub-node.ts";
import { createHub } from "./hub.ts";
import type { HubParts } from "./hub.ts";

test("a door that throws is warned about; the hub and the other doors go on", async () => {
  const node = startHubNode();
  node.hub.addBroadcaster({
    send() {
      throw new Error("door bug");
    },
  });
  const client = node.connect();
  await client.join({ channel: "news" });
  await node.change([], [event("news", "item", 1)]);
  await node.change([], [event("news", "item", 2)]);
  expect(told(client)).toEqual(["joined 0", "item 1", "item 2"]);
  expect(node.warnings).toEqual([
    "something could not be sent to a channel",
    "something could not be sent to a channel",
  ]);
});

test("a door that was removed gets nothing more", async () => {
  const node = startHubNode();
  const got: unknown[] = [];
  const remove = node.hub.addBroadcaster({ send: ({ args: [data] }) => got.push(data) });
  await node.connect().join({ channel: "news" });
  await node.change([], [event("news", "item", 1)]);
  remove();
  await node.change([], [event("news", "item", 2)]);
  expect(got).toEqual([1]);
});

test("after closing everything is refused, and nothing is held", async () => {
  const node = startHubNode();
  const client = node.connect();
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  await client.watch({ token });
  await client.join({ channel: "news" });
  await node.hub.close();
  await node.hub.close();
  await node.change(["hostel:7"], [event("news", "item", 1)]);
  expect(told(client)).toEqual(["watched fresh", "joined 0"]);
  expect(client.rooms.size).toBe(0);
  const closed = expect.objectContaining({ code: "LIVE_CLOSED" });
  for (const someone of [client, node.connect()]) {
    await expect(someone.watch({ token })).rejects.toThrow(closed);
    await expect(someone.join({ channel: "news" })).rejects.toThrow(closed);
  }
  expect(node.hub.figures()).toMatchObject({ connections: 0, watches: 0, channels: 0, heldEvents: 0 });
});

test("without limits given, a connection watches 500 responses and is in 100 channels, and no more", async () => {
  const node = startHubNode();
  const client = node.connect();
  const token = await node.respond({ key: "issues" });
  for (let watch = 1; watch <= 500; watch++) await client.watch({ token });
  for (let channel = 1; channel <= 100; channel++) await client.join({ channel: `hostel/${channel}` });
  const limit = expect.objectContaining({ code: "LIVE_LIMIT_REACHED", retryable: true });
  await expect(client.watch({ token })).rejects.toThrow(limit);
  await expect(client.join({ channel: "hostel/101" })).rejects.toThrow(limit);
  expect(await node.connect().watch({ token })).toMatchObject({ state: "fresh" });
});

test("limits must be whole numbers under known names", () => {
  const parts = { contract: CONTRACT } as unknown as HubParts;
  const invalid = (because: string) =>
    expect.objectContaining({
      code: "LIVE_OPTIONS_INVALID",
      message: expect.stringContaining(because) as unknown,
    });
  expect(() => createHub({ ...parts, limits: { maxWatches: 0 } })).toThrow(invalid("maxWatches"));
  expect(() => createHub({ ...parts, limits: { maxChannels: 1.5 } })).toThrow(invalid("maxChannels"));
  expect(() => createHub({ ...parts, limits: { maxChanels: 5 } as object })).toThrow(
    invalid('"maxChannels"?'),
  );
});

const BAD_FRAMES: [method: "watch" | "unwatch" | "join" | "leave", request: unknown, received: string][] = [
  ["watch", undefined, "received nothing"],
  ["watch", null, "received null"],
  ["watch", "token", "received a string of 5 characters"],
  ["watch", [{ token: "x" }], "received a list"],
  ["watch", {}, '"token" to be a string'],
  ["watch", { token: 5 }, "received a number"],
  ["watch", { token: "x".repeat(100_000) }, "received a string of 100000 characters"],
  ["watch", Object.create({ token: "inherited" }), "received nothing"],
  ["watch", JSON.parse('{"__proto__":{"token":"polluted"}}'), "received nothing"],
  ["unwatch", { id: { toString: "x" } }, "received an object"],
  ["unwatch", { id: "" }, "received a string of 0 characters"],
  ["join", { channel: "x".repeat(257) }, "1 to 256 characters"],
  ["join", { channel: ["news"] }, "received a list"],
  ["join", { channel: "news", cursor: "tomorrow" }, '"cursor" to be absent'],
  ["join", { channel: "news", cursor: null }, '"cursor" to be absent'],
  ["leave", 7, "received a number"],
];

test.each(BAD_FRAMES)(
  "%s of %j is refused, and the message says what came",
  async (method, request, received) => {
    const client = startHubNode().connect();
    await expect(client[method](request)).rejects.toThrow(
      expect.objectContaining({
        code: "LIVE_FRAME_INVALID",
        message: expect.stringContaining(received) as unknown,
      }),
    );
    expect(Object.prototype).not.toHaveProperty("token");
  },
);
