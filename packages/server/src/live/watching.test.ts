import { LiveError, formatPosition } from "@livecache/wire";
import { expect, test } from "vitest";
import { startHubNode, told } from "../../test/socketio/hub-node.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { Verdict } from "../ports/change-log.ts";

const WARDEN = { userId: "w1", role: "warden" };
const AWAY = new LiveError("LIVE_GROUND_AWAY", "away");

const refusal = (code: string) => expect.objectContaining({ code });

/** A judgement that ends when the test says so. */
function createSlowJudge() {
  const waiting: ((verdict: Verdict) => void)[] = [];
  return {
    judge: () => new Promise<Verdict>((resolve) => waiting.push(resolve)),
    end: (verdict: Verdict) => waiting.splice(0).forEach((resolve) => resolve(verdict)),
  };
}

test("a response that nothing has changed is fresh", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const client = node.connect();
  expect(await client.watch({ token })).toMatchObject({ id: "1", state: "fresh" });
  await node.change(["hostel:8"]);
  expect(told(client)).toEqual(["watched fresh"]);
});

test.each([
  ["a declared tag", "hostel:7"],
  ["its own key", "user:42:issues"],
  ["a subtree above its key", "user:42"],
])("a change of %s is told once, with its position, and ends the watch", async (_what, tag) => {
  const node = startHubNode();
  const token = await node.respond({ key: "user:42:issues", tags: ["hostel:7"] });
  const client = node.connect();
  await client.watch({ token });
  const position = await node.change([tag, "hostel:7"]);
  await node.change([tag]);
  expect(told(client)).toEqual(["watched fresh", "stale 1"]);
  expect(client.sent[1]).toMatchObject({
    frame: { position: formatPosition(position), changeId: expect.stringContaining("change-") as unknown },
  });
  expect(node.hub.figures().watches).toBe(0);
});

test("a response that has changed since is stale at once, and the reply's position covers the change", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const position = await node.change(["hostel:7"]);
  const client = node.connect();
  expect(await client.watch({ token })).toEqual({
    id: "1",
    state: "stale",
    position: formatPosition(position),
  });
  await node.change(["hostel:7"]);
  expect(told(client)).toEqual(["watched stale"]);
});

test("a response of an earlier epoch is stale", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues" });
  const { epoch } = await node.changeLog.position();
  await node.changeLog.renewEpoch(epoch);
  expect(await node.connect().watch({ token })).toMatchObject({ state: "stale" });
});

test("a change that lands while the watch is judged wins over the judgement, and is told in the reply only", async () => {
  const { judge, end } = createSlowJudge();
  const node = startHubNode({ judge });
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const client = node.connect();
  const watched = client.watch({ token });
  const position = await node.change(["hostel:7"]);
  end("valid");
  expect(await watched).toEqual({ id: "1", state: "stale", position: formatPosition(position) });
  expect(told(client)).toEqual(["watched stale"]);
});

test("a watch that is newer than a late record is kept", async () => {
  const node = startHubNode();
  node.holdsBack = true;
  await node.change(["hostel:7"]);
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const client = node.connect();
  await client.watch({ token });
  node.catchUp();
  expect(told(client)).toEqual(["watched fresh"]);
  await node.change(["hostel:7"]);
  expect(told(client)).toEqual(["watched fresh", "stale 1"]);
});

test("while the ground is away nothing is proven: the watch is refused as retryable, and leaves nothing behind", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const client = node.connect();
  node.faults.set("judge", AWAY);
  await expect(client.watch({ token })).rejects.toMatchObject({ code: "LIVE_GROUND_AWAY", retryable: true });
  expect(node.hub.figures().watches).toBe(0);
  node.faults.clear();
  expect(await client.watch({ token })).toMatchObject({ state: "fresh" });
});

test("a change that waits for the ground is told to the watches of its own node, without a change id", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const client = node.connect();
  await client.watch({ token });
  node.hub.applyLocal({ changeId: "c", tags: ["hostel:7"], events: [] });
  expect(told(client)).toEqual(["watched fresh", "stale 1"]);
  expect(client.sent[1]).not.toHaveProperty("frame.changeId");
});

test("every client that watches is told, on every node of the realm", async () => {
  const realm = createMemoryGround().realm("main");
  const [a, b] = [startHubNode({ realm, name: "a" }), startHubNode({ realm, name: "b" })];
  const token = await a.respond({ key: "issues", tags: ["hostel:7"] });
  const clients = [a.connect(), a.connect(), b.connect()];
  for (const client of clients) await client.watch({ token });
  await b.change(["hostel:7"]);
  for (const client of clients) expect(told(client)).toEqual(["watched fresh", "stale 1"]);
});

test("what is unwatched is told no more; an unknown id is accepted", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const client = node.connect();
  const { id } = await client.watch({ token });
  await client.unwatch({ id });
  await client.unwatch({ id });
  await node.change(["hostel:7"]);
  expect(told(client)).toEqual(["watched fresh"]);
});

test("one client's ids are nothing to another", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const [mine, other] = [node.connect(), node.connect()];
  const { id } = await mine.watch({ token });
  await other.unwatch({ id });
  await node.change(["hostel:7"]);
  expect(told(mine)).toEqual(["watched fresh", "stale 1"]);
});

test("a token of another identity is refused", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues", vary: ["role"], identity: WARDEN });
  const student = { userId: "s1", role: "student" };
  await expect(node.connect(student).watch({ token })).rejects.toThrow(refusal("LIVE_TOKEN_INVALID"));
  await expect(node.connect().watch({ token })).rejects.toThrow(refusal("LIVE_TOKEN_INVALID"));
  expect(await node.connect(WARDEN).watch({ token })).toMatchObject({ state: "fresh" });
});

test("one more watch than the bound is refused and counted; unwatching makes room", async () => {
  const node = startHubNode({ limits: { maxWatches: 2 } });
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const client = node.connect();
  await client.watch({ token });
  const { id } = await client.watch({ token });
  await expect(client.watch({ token })).rejects.toThrow(refusal("LIVE_LIMIT_REACHED"));
  expect(node.hub.figures()).toMatchObject({ watches: 2, watchesRefused: 1 });
  await client.unwatch({ id });
  expect(await client.watch({ token })).toMatchObject({ state: "fresh" });
});

test("a client that goes while its watch is judged leaves nothing behind", async () => {
  const { judge, end } = createSlowJudge();
  const node = startHubNode({ judge });
  const token = await node.respond({ key: "issues" });
  const client = node.connect();
  const watched = client.watch({ token });
  client.close();
  end("valid");
  await expect(watched).rejects.toThrow(refusal("LIVE_CLOSED"));
  expect(node.hub.figures()).toMatchObject({ watches: 0, connections: 0 });
});

test("watchers of one response are told by one broadcast, and asked to spread their refetches from 100 on", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const frames: unknown[] = [];
  node.hub.addBroadcaster({ send: ({ frame, args: [body] }) => frames.push([frame, body]) });
  const [few, many] = [["a"], Array.from({ length: 99 }, (_, index) => `m${index}`)];
  const clients = [...few, ...many].map(() => node.connect());
  for (const client of clients.slice(0, 99)) await client.watch({ token });
  await node.change(["hostel:7"]);
  const position = expect.any(String) as unknown;
  const changeId = expect.any(String) as unknown;
  expect(frames).toEqual([["stale", { id: "1", position, changeId }]]);
  const newer = await node.respond({ key: "issues", tags: ["hostel:7"] });
  for (const client of clients) await client.watch({ token: newer });
  await node.change(["hostel:7"]);
  expect(frames.at(-1)).toEqual(["stale", { id: "2", position, changeId, spreadMs: 25 }]);
  expect(clients.map((client) => told(client).at(-1))).toEqual(clients.map(() => "stale 2"));
  expect(node.hub.figures().watches).toBe(0);
});

test("the spread counts everybody whom one change concerns, whatever they watch", async () => {
  const node = startHubNode();
  const clients = Array.from({ length: 200 }, () => node.connect());
  for (const [index, client] of clients.entries()) {
    const token = await node.respond({ key: `user:${index}:issues`, tags: ["hostel:7"] });
    await client.watch({ token });
  }
  await node.change(["hostel:7"]);
  for (const { sent } of clients) expect(sent[1]).toMatchObject({ frame: { spreadMs: 50 } });
});

test("a room is left once doors have had time to send to it, and a new watch is no part of it", async () => {
  const node = startHubNode();
  const token = await node.respond({ key: "issues", tags: ["hostel:7"] });
  const clients = [node.connect(), node.connect(), node.connect()];
  for (const client of clients) await client.watch({ token });
  await node.change(["hostel:7"]);
  expect(clients.map(({ rooms }) => [...rooms])).toEqual([["?1"], ["?1"], ["?1"]]);
  const newer = await node.respond({ key: "issues", tags: ["hostel:7"] });
  for (const client of clients) await client.watch({ token: newer });
  node.clock.advance(10_000);
  expect(clients.map(({ rooms }) => [...rooms])).toEqual([["?2"], ["?2"], ["?2"]]);
});

test("while many are asked about one response, the ground is asked once", async () => {
  const { judge, end } = createSlowJudge();
  let asked = 0;
  const node = startHubNode({ judge: () => (asked++, judge()) });
  const token = await node.respond({ key: "issues" });
  const replies = Array.from({ length: 100 }, () => node.connect().watch({ token }));
  end("valid");
  expect((await Promise.all(replies)).map(({ state }) => state)).toEqual(replies.map(() => "fresh"));
  expect(asked).toBe(1);
  const late = node.connect().watch({ token });
  end("valid");
  await late;
  expect(asked).toBe(2);
});

test("a response that an identity may not know of any more is given up as stale, and nothing else is", async () => {
  const node = startHubNode();
  let identity: typeof WARDEN | undefined = WARDEN;
  const mine = node.connect(() => identity);
  const other = node.connect(WARDEN);
  const token = await node.respond({ key: "issues", vary: ["role"], identity: WARDEN });
  for (const client of [mine, other]) await client.watch({ token });
  await mine.watch({ token: await node.respond({ key: "news" }) });
  identity = { ...WARDEN, role: "student" };
  await mine.reconsider();
  expect(told(mine)).toEqual(["watched fresh", "watched fresh", "stale 1"]);
  await mine.reconsider();
  await node.change(["issues", "news"]);
  expect(told(mine).slice(3)).toEqual(["stale 2"]);
  expect(told(other)).toEqual(["watched fresh", "stale 1"]);
});

test("an identity that changes while a watch is judged makes the answer stale", async () => {
  const { judge, end } = createSlowJudge();
  const node = startHubNode({ judge });
  let identity: typeof WARDEN | undefined = WARDEN;
  const client = node.connect(() => identity);
  const watched = client.watch({
    token: await node.respond({ key: "issues", vary: ["role"], identity: WARDEN }),
  });
  identity = undefined;
  await client.reconsider();
  end("valid");
  expect(await watched).toMatchObject({ state: "stale" });
  expect(node.hub.figures().watches).toBe(0);
});
