import { LiveError } from "@livecache/wire";
import { expect, test, vi } from "vitest";
import { event, startHubNode, told } from "../../test/socketio/hub-node.ts";

const AWAY = new LiveError("LIVE_GROUND_AWAY", "away");

test("after the log was lost sight of, exactly the watches that changed meanwhile are stale", async () => {
  const node = startHubNode();
  const client = node.connect();
  for (let hostel = 1; hostel <= 450; hostel++) {
    const token = await node.respond({ key: `issues:${hostel}`, tags: [`hostel:${hostel}`] });
    await client.watch({ token });
  }
  node.holdsBack = true;
  await node.change(["hostel:3", "hostel:250", "hostel:449"]);
  client.sent.length = 0;
  await node.loseSight();
  await vi.waitUntil(() => client.sent.length === 3);
  expect(told(client)).toEqual(["stale 3", "stale 250", "stale 449"]);
  await node.change(["hostel:4"]);
  expect(told(client).at(-1)).toBe("stale 4");
});

test("nothing is told when nothing has changed", async () => {
  const node = startHubNode();
  const client = node.connect();
  await client.watch({ token: await node.respond({ key: "issues" }) });
  await client.join({ channel: "news" });
  await node.loseSight();
  await node.hub.close();
  expect(told(client)).toEqual(["watched fresh", "joined 0"]);
});

test("while the ground is away nothing is dropped, and it is asked until it answers", async () => {
  const node = startHubNode();
  const client = node.connect();
  await client.watch({ token: await node.respond({ key: "issues", tags: ["hostel:7"] }) });
  node.holdsBack = true;
  await node.change(["hostel:7"]);
  node.faults.set("judge", AWAY);
  await node.loseSight();
  for (let round = 0; round < 3; round++) {
    node.clock.advance(500);
    await node.changeLog.position();
  }
  expect(told(client)).toEqual(["watched fresh"]);
  node.faults.clear();
  await vi.waitUntil(() => {
    node.clock.advance(500);
    return client.sent.length === 2;
  });
  expect(told(client)).toEqual(["watched fresh", "stale 1"]);
  expect(node.warnings).toEqual([]);
});

test("a fault that is not an outage is warned about", async () => {
  const node = startHubNode();
  await node.connect().watch({ token: await node.respond({ key: "issues" }) });
  node.faults.set("judge", new Error("bug"));
  await node.loseSight();
  await vi.waitUntil(() => node.warnings.length > 0);
  expect(node.warnings[0]).toContain("could not be checked");
});

test("a new epoch makes every watch stale and tells every channel to reload, at its new place", async () => {
  const node = startHubNode();
  const client = node.connect();
  await client.watch({ token: await node.respond({ key: "issues" }) });
  await client.join({ channel: "news" });
  await node.change([], [event("news", "item", 1)]);
  await node.changeLog.renewEpoch((await node.changeLog.position()).epoch);
  await vi.waitUntil(() => client.sent.length === 5);
  expect(told(client)).toEqual(["watched fresh", "joined 0", "item 1", "stale 1", "resync epoch 0"]);
  await node.change([], [event("news", "item", 2)]);
  expect(told(client).at(-1)).toBe("item 2");
});

test("events held from an epoch that is over are dropped, also when nothing follows", async () => {
  const node = startHubNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  node.holdsBack = true;
  await node.change([], [event("news", "item", 1)]);
  await node.changeLog.renewEpoch((await node.changeLog.position()).epoch);
  await vi.waitUntil(() => client.sent.length === 2);
  expect(told(client)).toEqual(["joined 0", "resync epoch 0"]);
  expect(node.hub.figures().heldEvents).toBe(0);
});

test("events held when sight was lost are delivered once the node stands past their change", async () => {
  const node = startHubNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  node.holdsBack = true;
  await node.change([], [event("news", "item", 1)]);
  await node.loseSight();
  expect(told(client)).toEqual(["joined 0", "item 1"]);
});

test("a second loss during a run is followed by another run", async () => {
  const node = startHubNode();
  const client = node.connect();
  await client.watch({ token: await node.respond({ key: "a", tags: ["hostel:1"] }) });
  await client.watch({ token: await node.respond({ key: "b", tags: ["hostel:2"] }) });
  node.holdsBack = true;
  await node.change(["hostel:1"]);
  const first = node.loseSight();
  node.holdsBack = true;
  await node.change(["hostel:2"]);
  await first;
  await node.loseSight();
  await vi.waitUntil(() => client.sent.length === 4);
  expect(told(client).slice(2)).toEqual(["stale 1", "stale 2"]);
});
