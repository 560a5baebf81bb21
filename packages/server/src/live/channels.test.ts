import { LiveError, formatPosition, parsePosition, reaches } from "@livecache/wire";
import { expect, test, vi } from "vitest";
import { event, startHubNode, told } from "../../test/socketio/hub-node.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { ChangeLog, ChannelEvent, HistoryBounds } from "../ports/change-log.ts";

/** A node whose channel events pass through the test's hands. */
function startLossyNode(kept?: HistoryBounds) {
  const realm = createMemoryGround().realm("main");
  const lost = new Set<number>();
  const late: (() => void)[] = [];
  const passing = { late: false };
  const reading = { stuck: false };
  const stuck: ((reason: LiveError) => void)[] = [];
  const changeLog: ChangeLog = {
    ...realm.changeLog,
    history: (channel, query) =>
      reading.stuck
        ? new Promise((_resolve, reject) => stuck.push(reject))
        : realm.changeLog.history(channel, query),
    subscribe: (channel, onEvent) =>
      realm.changeLog.subscribe(channel, (published: ChannelEvent) => {
        if (lost.has(published.cursor.offset)) return;
        if (passing.late) late.push(() => onEvent(published));
        else onEvent(published);
      }),
  };
  const node = startHubNode({
    realm: { ...realm, changeLog },
    contract: {
      channels: { news: { events: {}, ...(kept && { history: { events: kept.maxEvents, age: "1m" } }) } },
    },
  });
  const publish = (data: unknown) =>
    node.change([], [{ ...event("news", "item", data), ...(kept && { kept }) }]);
  return { ...node, node, lost, late, passing, reading, stuck, publish };
}

test("G3: an event waits until its change has been applied here, and is told after what the change made stale", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const client = node.connect();
  await client.watch({ token });
  await client.join({ channel: "hostel/7" });
  node.holdsBack = true;
  await node.change(["hostel:7"], [event("hostel/7", "new_issue", 1)]);
  expect(told(client)).toEqual(["watched fresh", "joined 0"]);
  expect(node.hub.figures().heldEvents).toBe(1);
  node.catchUp();
  expect(told(client)).toEqual(["watched fresh", "joined 0", "stale 1", "new_issue 1"]);
  expect(node.hub.figures().heldEvents).toBe(0);
});

test("held events go out in the order of their offsets, each after its own change", async () => {
  const node = startHubNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  node.holdsBack = true;
  for (const data of [1, 2, 3]) await node.change([], [event("news", "item", data)]);
  const [first, ...rest] = node.waiting.splice(0);
  node.waiting.push(first!);
  node.catchUp();
  expect(told(client)).toEqual(["joined 0", "item 1"]);
  node.waiting.push(...rest);
  node.catchUp();
  expect(told(client)).toEqual(["joined 0", "item 1", "item 2", "item 3"]);
});

test("who joins while events are held gets them after the reply", async () => {
  const node = startHubNode();
  await node.connect().join({ channel: "news" });
  node.holdsBack = true;
  await node.change([], [event("news", "item", 1)]);
  const client = node.connect();
  await client.join({ channel: "news" });
  node.catchUp();
  expect(told(client)).toEqual(["joined 0", "item 1"]);
});

test("no event falls between the reply and the first one delivered, and none overtakes the reply", async () => {
  const node = startHubNode();
  await node.connect().join({ channel: "news" });
  const client = node.connect();
  const joined = client.join({ channel: "news" });
  for (let data = 1; data <= 20; data++) await node.change([], [event("news", "item", data)]);
  const { cursor } = await joined;
  const from = Number(cursor.split("-")[1]);
  const wanted = Array.from({ length: 20 - from }, (_, index) => `item ${from + index + 1}`);
  expect(told(client)).toEqual([`joined ${from}`, ...wanted]);
});

test("events that are missing in the row of offsets are read from the history, and delivered in their order", async () => {
  const { node, lost, publish } = startLossyNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  lost.add(2).add(3);
  for (const data of [1, 2, 3, 4, 5]) await publish(data);
  await vi.waitUntil(() => told(client).length === 6);
  expect(told(client)).toEqual(["joined 0", "item 1", "item 2", "item 3", "item 4", "item 5"]);
});

test("what is missing and not kept any more is told as resync before the next event", async () => {
  const { node, lost, publish } = startLossyNode({ maxEvents: 1, maxAgeMs: 60_000 });
  const client = node.connect();
  await client.join({ channel: "news" });
  lost.add(2).add(3);
  for (const data of [1, 2, 3, 4]) await publish(data);
  await vi.waitUntil(() => told(client).length === 3);
  await publish(5);
  expect(told(client)).toEqual(["joined 0", "item 1", "resync trimmed 4", "item 5"]);
});

test("a history that cannot be read is asked for again, and nothing behind the hole overtakes it", async () => {
  const { node, lost, publish } = startLossyNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  node.faults.set("history", new LiveError("LIVE_GROUND_AWAY", "away"));
  lost.add(1);
  for (const data of [1, 2, 3]) await publish(data);
  expect(told(client)).toEqual(["joined 0"]);
  node.faults.clear();
  await vi.waitUntil(() => {
    node.clock.advance(500);
    return told(client).length === 4;
  });
  expect(told(client)).toEqual(["joined 0", "item 1", "item 2", "item 3"]);
});

test("what comes behind a hole while a reading of the history fails is not held for ever", async () => {
  const { node, lost, reading, stuck, publish } = startLossyNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  lost.add(1);
  reading.stuck = true;
  await publish(1);
  await vi.waitUntil(() => {
    node.clock.advance(500);
    return stuck.length === 1;
  });
  await publish(2);
  reading.stuck = false;
  stuck[0]!(new LiveError("LIVE_GROUND_TIMEOUT", "no answer"));
  await vi.waitUntil(() => {
    node.clock.advance(500);
    return told(client).length === 3;
  });
  expect(told(client)).toEqual(["joined 0", "item 1", "item 2"]);
});

test("an event told twice is delivered once", async () => {
  const { node, passing, late, publish } = startLossyNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  passing.late = true;
  await publish(1);
  late[0]!();
  late[0]!();
  expect(told(client)).toEqual(["joined 0", "item 1"]);
});

test("another epoch of the channel is told as resync before its first event", async () => {
  const { node, publish } = startLossyNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  await publish(1);
  node.faults.set("cursor", new LiveError("LIVE_GROUND_AWAY", "away"));
  await node.changeLog.renewEpoch((await node.changeLog.position()).epoch);
  await publish(2);
  expect(told(client)).toEqual(["joined 0", "item 1", "resync epoch 0", "item 2"]);
});

test("an event of an epoch that is over is never delivered, and does not block those after it", async () => {
  const { node, passing, late, publish } = startLossyNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  node.faults.set("cursor", new LiveError("LIVE_GROUND_AWAY", "away"));
  passing.late = true;
  await publish("old");
  await node.changeLog.renewEpoch((await node.changeLog.position()).epoch);
  late[0]!();
  passing.late = false;
  await publish("new");
  expect(told(client)).toEqual(["joined 0", "resync epoch 0", 'item "new"']);
  expect(node.hub.figures().heldEvents).toBe(0);
});

test("held events are bounded: beyond, the channel is told to reload and goes on from there", async () => {
  const node = startHubNode({ limits: { maxHeldEvents: 3 } });
  const client = node.connect();
  await client.join({ channel: "news" });
  node.holdsBack = true;
  for (const data of [1, 2, 3]) await node.change([], [event("news", "item", data)]);
  expect(told(client)).toEqual(["joined 0"]);
  const fourth = await node.change([], [event("news", "item", 4)]);
  expect(told(client)).toEqual(["joined 0", "resync lost 4"]);
  const { frame } = client.sent[1] as { frame: { position: string } };
  expect(reaches(parsePosition(frame.position)!, fourth)).toBe(true);
  expect(node.hub.figures()).toMatchObject({ heldEvents: 0, eventsDropped: 1 });
  await node.change([], [event("news", "item", 5)]);
  node.catchUp();
  expect(told(client)).toEqual(["joined 0", "resync lost 4", "item 5"]);
  expect(node.warnings).toHaveLength(1);
});

test("a channel that cannot hold what comes while it is opened refuses the join, and a later one works", async () => {
  const realm = createMemoryGround().realm("main");
  let subscribed = (): void => undefined;
  const changeLog: ChangeLog = {
    ...realm.changeLog,
    async subscribe(channel, onEvent) {
      const subscription = await realm.changeLog.subscribe(channel, onEvent);
      await new Promise<void>((resolve) => (subscribed = resolve));
      return subscription;
    },
  };
  const node = startHubNode({ realm: { ...realm, changeLog }, limits: { maxHeldEvents: 1 } });
  const client = node.connect();
  const refused = client.join({ channel: "news" });
  await vi.waitUntil(() => node.hub.figures().channels === 1);
  await node.change([], [event("news", "item", 1), event("news", "item", 2)]);
  subscribed();
  await expect(refused).rejects.toMatchObject({ code: "LIVE_LIMIT_REACHED", retryable: true });
  const joined = client.join({ channel: "news" });
  await vi.waitUntil(() => node.hub.figures().channels === 1);
  subscribed();
  expect(await joined).toMatchObject({ cursor: expect.stringMatching(/-2$/) as unknown });
});

test("the last event of a quiet channel that got lost is noticed within a second, because the log names its channel", async () => {
  const { node, lost, publish } = startLossyNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  await publish(1);
  lost.add(2);
  const position = await publish(2);
  node.clock.advance(1_000);
  await vi.waitUntil(() => told(client).length === 3);
  expect(told(client)).toEqual(["joined 0", "item 1", "item 2"]);
  expect(client.sent[2]).toMatchObject({ meta: { position: formatPosition(position) } });
});

test("a lost event is looked for again when the ground did not answer", async () => {
  const { node, lost, publish } = startLossyNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  lost.add(1);
  await publish(1);
  node.faults.set("cursor", new LiveError("LIVE_GROUND_AWAY", "away"));
  node.clock.advance(1_000);
  await vi.waitUntil(() => {
    node.clock.advance(1_000);
    node.faults.clear();
    return told(client).length === 2;
  });
  expect(told(client)).toEqual(["joined 0", "item 1"]);
});

test("an event that is merely late is not looked for", async () => {
  const { node, passing, late, publish } = startLossyNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  passing.late = true;
  await publish(1);
  late[0]!();
  node.faults.set("cursor", new Error("asked"));
  node.clock.advance(1_000);
  await node.change([]);
  expect(told(client)).toEqual(["joined 0", "item 1"]);
  expect(node.warnings).toEqual([]);
});

test("a channel is subscribed once for all its members, and released five seconds after the last has left", async () => {
  const realm = createMemoryGround().realm("main");
  let running = 0;
  const changeLog: ChangeLog = {
    ...realm.changeLog,
    async subscribe(channel, onEvent) {
      const subscription = await realm.changeLog.subscribe(channel, onEvent);
      running++;
      return {
        ...subscription,
        close() {
          running--;
          return subscription.close();
        },
      };
    },
  };
  const node = startHubNode({ realm: { ...realm, changeLog } });
  const [a, b] = [node.connect(), node.connect()];
  await Promise.all([a.join({ channel: "news" }), b.join({ channel: "news" })]);
  expect(running).toBe(1);
  await a.leave({ channel: "news" });
  node.clock.advance(60_000);
  expect(running).toBe(1);
  b.close();
  node.clock.advance(4_999);
  await a.join({ channel: "news" });
  node.clock.advance(60_000);
  expect(running).toBe(1);
  a.close();
  node.clock.advance(5_000);
  await vi.waitUntil(() => running === 0);
  expect(node.hub.figures().channels).toBe(0);
});

test("while nobody is in it, a lingering channel keeps its place", async () => {
  const node = startHubNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  await client.leave({ channel: "news" });
  await node.change([], [event("news", "item", 1)]);
  await client.join({ channel: "news" });
  expect(told(client)).toEqual(["joined 0", "joined 1"]);
});

test("who opens a channel from a cursor has what they missed with the subscription, and so have those who come with them", async () => {
  const realm = createMemoryGround().realm("main");
  const asked: string[] = [];
  const changeLog: ChangeLog = {
    ...realm.changeLog,
    subscribe(channel, onEvent, missed) {
      asked.push(`subscribe after ${missed?.after.offset}`);
      return realm.changeLog.subscribe(channel, onEvent, missed);
    },
    history(channel, query) {
      asked.push(`history after ${query.after.offset}`);
      return realm.changeLog.history(channel, query);
    },
  };
  const node = startHubNode({ realm: { ...realm, changeLog } });
  const kept = { maxEvents: 10, maxAgeMs: 60_000 };
  const { epoch } = await realm.changeLog.cursor("news");
  for (const data of [1, 2, 3]) await node.change([], [{ ...event("news", "item", data), kept }]);
  const comeBack = (offset: number) => {
    const client = node.connect();
    return client.join({ channel: "news", cursor: `${epoch}-${offset}` }).then(() => told(client));
  };
  const [one, two] = await Promise.all([comeBack(1), comeBack(1)]);
  expect(one.slice(1)).toEqual(["item 2", "item 3"]);
  expect(two).toEqual(one);
  expect(asked).toEqual(["subscribe after 1"]);
  const gone = await comeBack(9);
  expect(gone).toHaveLength(1);
  expect(asked).toEqual(["subscribe after 1", "history after 9"]);
});
