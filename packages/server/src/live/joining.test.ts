import { LiveError, formatPosition, reaches, parsePosition } from "@livecache/wire";
import { expect, test } from "vitest";
import { event, startHubNode, told } from "../../test/socketio/hub-node.ts";
import type { AuthorizeJoin } from "./joining.ts";

const WARDEN = { userId: "w1", role: "warden" };
const refusal = (code: string) => expect.objectContaining({ code });

test("a member gets the events that follow its reply, with where it stands and whose change it was", async () => {
  const node = startHubNode();
  const client = node.connect();
  await node.change([], [event("hostel/7", "new_issue", "before")]);
  const { cursor } = await client.join({ channel: "hostel/7" });
  const position = await node.change([], [event("hostel/7", "new_issue", 1), event("hostel/7", "solved", 2)]);
  expect(told(client)).toEqual(["joined 1", "new_issue 1", "solved 2"]);
  expect(client.sent[2]).toMatchObject({
    meta: { channel: "hostel/7", cursor: cursor.replace(/1$/, "3"), position: formatPosition(position) },
  });
});

test("authorize decides with the identity, the pattern and the parameters, before anything is subscribed", async () => {
  const asked: unknown[] = [];
  const authorize: AuthorizeJoin = async (...question) => {
    asked.push(question);
    return question[2]["hostelId"] === "a/7";
  };
  const node = startHubNode({ authorize });
  const client = node.connect(WARDEN);
  await client.join({ channel: "hostel/a%2F7" });
  await expect(client.join({ channel: "hostel/8" })).rejects.toThrow(refusal("LIVE_CHANNEL_REFUSED"));
  expect(asked).toEqual([
    [WARDEN, "hostel/:hostelId", { hostelId: "a/7" }],
    [WARDEN, "hostel/:hostelId", { hostelId: "8" }],
  ]);
  expect(node.hub.figures().channels).toBe(1);
  expect([...client.rooms]).toEqual(["hostel/a%2F7"]);
});

test.each<[string, AuthorizeJoin]>([
  ["rejects", () => Promise.reject(new Error("database down"))],
  [
    "throws",
    () => {
      throw new Error("bug");
    },
  ],
])("authorize that %s refuses the channel and is warned about", async (_how, authorize) => {
  const node = startHubNode({ authorize });
  await expect(node.connect().join({ channel: "news" })).rejects.toThrow(refusal("LIVE_CHANNEL_REFUSED"));
  expect(node.warnings).toEqual(["authorize failed, so the channel was refused"]);
});

test("only true lets somebody in", async () => {
  for (const word of ["yes", 1, {}, undefined]) {
    const node = startHubNode({ authorize: () => Promise.resolve(word as boolean) });
    await expect(node.connect().join({ channel: "news" })).rejects.toThrow(refusal("LIVE_CHANNEL_REFUSED"));
  }
});

test("authorize that never answers refuses the channel after five seconds", async () => {
  const node = startHubNode({ authorize: () => new Promise(() => undefined) });
  const joined = node.connect().join({ channel: "news" });
  node.clock.advance(4_999);
  expect(node.warnings).toEqual([]);
  node.clock.advance(1);
  await expect(joined).rejects.toThrow(refusal("LIVE_CHANNEL_REFUSED"));
});

test("a member who joins again and is not allowed any more is put out", async () => {
  let allowed = true;
  const node = startHubNode({ authorize: async () => allowed });
  const client = node.connect();
  await client.join({ channel: "news" });
  allowed = false;
  await expect(client.join({ channel: "news" })).rejects.toThrow(refusal("LIVE_CHANNEL_REFUSED"));
  await node.change([], [event("news", "item", 1)]);
  expect(told(client)).toEqual(["joined 0"]);
});

test.each(["hostel", "hostel/7/8", "constructor", "__proto__", "hostel/%ff", "NEWS"])(
  "%j is an unknown channel",
  async (channel) => {
    const client = startHubNode().connect();
    await expect(client.join({ channel })).rejects.toThrow(refusal("LIVE_CHANNEL_UNKNOWN"));
  },
);

test("a client that comes back gets what it missed, behind the answer, or learns why not", async () => {
  const node = startHubNode();
  const { cursor: start } = await node.connect().join({ channel: "news" });
  const epoch = start.split("-")[0]!;
  await node.change([], [event("news", "item", 1), event("news", "item", 2)]);
  const join = (cursor?: string) => node.connect().join({ channel: "news", ...(cursor && { cursor }) });
  expect(await join(`${epoch}-2`)).toMatchObject({ cursor: `${epoch}-2`, resumed: true });
  const back = node.connect();
  await back.join({ channel: "news", cursor: `${epoch}-1` });
  expect(told(back)).toEqual(["joined 1", "item 2"]);
  await node.change([], [event("news", "item", 3)]);
  expect(told(back)).toEqual(["joined 1", "item 2", "item 3"]);
  expect(await join(`${epoch}-9`)).toMatchObject({ cursor: `${epoch}-3`, resumed: false, reason: "lost" });
  expect(await join("another-2")).toMatchObject({ cursor: `${epoch}-3`, resumed: false, reason: "epoch" });
  const fresh = await join();
  expect(fresh).toMatchObject({ cursor: `${epoch}-3`, resumed: false });
  expect(fresh).not.toHaveProperty("reason");
});

test("the reply's position is at least as new as the event at its cursor, also on a node that lags behind", async () => {
  const node = startHubNode();
  node.holdsBack = true;
  const published = await node.change([], [event("news", "item", 1)]);
  const { cursor, position } = await node.connect().join({ channel: "news" });
  expect(cursor).toMatch(/-1$/);
  expect(reaches(parsePosition(position)!, published)).toBe(true);
});

test("joining twice at once gives one membership, and one leave ends it", async () => {
  const node = startHubNode();
  const client = node.connect();
  await Promise.all([client.join({ channel: "news" }), client.join({ channel: "news" })]);
  await node.change([], [event("news", "item", 1)]);
  await client.leave({ channel: "news" });
  await node.change([], [event("news", "item", 2)]);
  expect(told(client)).toEqual(["joined 0", "joined 0", "item 1"]);
});

test("a leave that overtakes its join wins", async () => {
  const node = startHubNode();
  const client = node.connect();
  const joined = client.join({ channel: "news" });
  await client.leave({ channel: "news" });
  await expect(joined).rejects.toThrow(refusal("LIVE_CHANNEL_REFUSED"));
  expect(client.rooms.size).toBe(0);
  expect(await client.join({ channel: "news" })).toMatchObject({ channel: "news" });
});

test("one more channel than the bound is refused and counted; leaving makes room", async () => {
  const node = startHubNode({ limits: { maxChannels: 2 } });
  const client = node.connect();
  await client.join({ channel: "hostel/1" });
  await client.join({ channel: "hostel/2" });
  await expect(client.join({ channel: "hostel/3" })).rejects.toThrow(refusal("LIVE_LIMIT_REACHED"));
  expect(await client.join({ channel: "hostel/2" })).toMatchObject({ channel: "hostel/2" });
  expect(node.hub.figures()).toMatchObject({ channels: 2, joinsRefused: 1 });
  await client.leave({ channel: "hostel/1" });
  expect(await client.join({ channel: "hostel/3" })).toMatchObject({ channel: "hostel/3" });
});

test("channels that are being asked for count, and a refused one does not", async () => {
  const node = startHubNode({ limits: { maxChannels: 1 }, authorize: async () => false });
  const client = node.connect();
  const first = client.join({ channel: "hostel/1" });
  await expect(client.join({ channel: "hostel/2" })).rejects.toThrow(refusal("LIVE_LIMIT_REACHED"));
  await expect(first).rejects.toThrow(refusal("LIVE_CHANNEL_REFUSED"));
  await expect(client.join({ channel: "hostel/2" })).rejects.toThrow(refusal("LIVE_CHANNEL_REFUSED"));
});

test("while the ground is away joining is refused as retryable, and works as soon as it is back", async () => {
  const node = startHubNode();
  const client = node.connect();
  node.faults.set("subscribe", new LiveError("LIVE_GROUND_AWAY", "away"));
  await expect(client.join({ channel: "news" })).rejects.toMatchObject({
    code: "LIVE_GROUND_AWAY",
    retryable: true,
  });
  node.faults.clear();
  expect(node.hub.figures().channels).toBe(0);
  await client.join({ channel: "news" });
  await node.change([], [event("news", "item", 1)]);
  expect(told(client)).toEqual(["joined 0", "item 1"]);
});

test("a channel that could not be joined takes no place", async () => {
  const node = startHubNode({ limits: { maxChannels: 1 } });
  const client = node.connect();
  node.faults.set("subscribe", new LiveError("LIVE_GROUND_AWAY", "away"));
  await expect(client.join({ channel: "hostel/1" })).rejects.toThrow(refusal("LIVE_GROUND_AWAY"));
  node.faults.clear();
  expect(await client.join({ channel: "hostel/2" })).toMatchObject({ channel: "hostel/2" });
});

test("a client that goes leaves its channels, also one that it was about to join", async () => {
  const node = startHubNode();
  const client = node.connect();
  await client.join({ channel: "news" });
  const joining = client.join({ channel: "hostel/7" });
  client.close();
  await expect(joining).rejects.toThrow(refusal("LIVE_CHANNEL_REFUSED"));
  await expect(client.join({ channel: "news" })).rejects.toThrow(refusal("LIVE_CLOSED"));
  expect(client.rooms.size).toBe(0);
  node.clock.advance(5_000);
  expect(node.hub.figures()).toMatchObject({ connections: 0, channels: 0 });
});
