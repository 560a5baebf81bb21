import type { PresentUser } from "@livecache/wire";
import { expect, test } from "vitest";
import { clientOf, gate, openServer, roundTrips, soon } from "../test/rig.ts";
import { refusal } from "../test/scripted-server.ts";
import { presenceIn } from "./presence.ts";

const ROOM = "room/1";

function user(userId: string, state: "online" | "away" = "online"): PresentUser {
  return { userId, state };
}

async function watching() {
  const server = await openServer();
  const list = { version: "p-3", count: 2, users: [user("asha"), user("tom")] };
  server.answers.set("presence", ({ channel }) => ({ ok: true, channel, ...list }));
  const client = clientOf(server);
  const presence = presenceIn(client, ROOM);
  const leave = presence.subscribe(() => {});
  const ids = () => presence.getSnapshot().users.map(({ userId }) => userId);
  const diff = (frame: object) => server.frame("presence-diff", { channel: ROOM, ...frame });
  return { server, client, presence, leave, ids, diff, list };
}

test("who is there is loaded on joining, and differences are taken in their order", async () => {
  const { server, presence, ids, diff } = await watching();
  await soon(() => expect(ids()).toEqual(["asha", "tom"]));
  diff({ from: "p-3", version: "p-4", count: 3, joined: [user("mei")] });
  diff({ from: "p-4", version: "p-5", count: 2, left: ["asha"], changed: [user("tom", "away")] });
  await soon(() => expect(ids()).toEqual(["mei", "tom"]));
  expect(presence.getSnapshot()).toEqual({
    status: "ready",
    users: [user("mei"), user("tom", "away")],
    count: 2,
    isStale: false,
    error: undefined,
  });
  expect(server.framesNamed("presence")).toEqual([{ channel: ROOM }]);
});

test("a difference that does not follow leads to loading again; one that is known already changes nothing", async () => {
  const { server, ids, diff, list } = await watching();
  await soon(() => expect(ids()).toEqual(["asha", "tom"]));
  diff({ from: "p-2", version: "p-3", count: 2, joined: [user("tom")] });
  await soon(() => expect(ids()).toEqual(["asha", "tom"]));
  Object.assign(list, { version: "p-9", users: [user("zoe")], count: 1 });
  diff({ from: "p-8", version: "p-9", count: 1, joined: [user("zoe")] });
  await soon(() => expect(ids()).toEqual(["zoe"]));
  expect(server.framesNamed("presence")).toHaveLength(2);
});

test("differences that come while the list is loaded are taken after it, from where it stands", async () => {
  const { server, client, ids, diff, list } = await watching();
  await soon(() => expect(ids()).toEqual(["asha", "tom"]));
  const held = gate();
  server.answers.set("presence", ({ channel }, socket) => {
    void held.passed.then(() => {
      diff({ from: "p-7", version: "p-8", count: 1, left: ["tom"] });
      diff({ from: "p-8", version: "p-9", count: 2, joined: [user("mei")] });
      socket.emit("noise", 0, { channel: "other" });
    });
    return { ok: true, channel, ...list, version: "p-8", users: [user("asha")], count: 1 };
  });
  held.open();
  server.cut();
  await soon(() => expect(ids()).toEqual(["asha", "mei"]));
  await roundTrips(client);
});

test("too many for a list: only how many they are is told, and when they are fewer the list is loaded again", async () => {
  const { server, presence, ids, diff, list } = await watching();
  await soon(() => expect(presence.getSnapshot().status).toBe("ready"));
  diff({ version: "p-4", count: 5_000 });
  await soon(() => expect(presence.getSnapshot()).toMatchObject({ count: 5_000 }));
  Object.assign(list, { version: "p-5", users: [user("mei"), user("zoe")] });
  diff({ from: "p-4", version: "p-5", count: 2, left: ["asha"] });
  await soon(() => expect(ids()).toEqual(["mei", "zoe"]));
  expect(server.framesNamed("presence")).toHaveLength(2);
});

test("what the client says of its user is said again after a reconnect, joined from all it said", async () => {
  const { server, presence, ids } = await watching();
  presence.set({ state: "away" });
  await soon(() => expect(ids()).toEqual(["asha", "tom"]));
  presence.set({ meta: { cursor: 3 } });
  await soon(() =>
    expect(server.framesNamed("presence-set")).toEqual([
      { channel: ROOM, state: "away" },
      { channel: ROOM, state: "away", meta: { cursor: 3 } },
    ]),
  );
  server.cut();
  await soon(() => expect(server.framesNamed("presence-set")).toHaveLength(3));
});

test("offline the list stays, marked stale, until it is loaded again", async () => {
  const { server, presence, ids } = await watching();
  await soon(() => expect(ids()).toEqual(["asha", "tom"]));
  await server.stop();
  await soon(() => expect(presence.getSnapshot()).toMatchObject({ isStale: true, count: 2 }));
  await server.start();
  await soon(() => expect(presence.getSnapshot().isStale).toBe(false));
});

test("a ground that cannot be reached is told, and that it is back", async () => {
  const { presence, diff } = await watching();
  await soon(() => expect(presence.getSnapshot().status).toBe("ready"));
  diff({ from: "p-3", version: "p-3", count: 2, stale: true });
  await soon(() => expect(presence.getSnapshot()).toMatchObject({ isStale: true, count: 2 }));
  diff({ from: "p-3", version: "p-4", count: 1, left: ["tom"], stale: false });
  await soon(() => expect(presence.getSnapshot()).toMatchObject({ isStale: false, count: 1 }));
});

test("a list that cannot be loaded is asked for again", async () => {
  const { server, ids } = await watching();
  const answer = server.answers.get("presence")!;
  let asked = 0;
  server.answers.set("presence", (body, socket) =>
    ++asked < 3 ? refusal("LIVE_GROUND_AWAY", true) : answer(body, socket),
  );
  await soon(() => expect(ids()).toEqual(["asha", "tom"]));
});

test("the channel is left when nobody looks any more", async () => {
  const { server, ids, leave } = await watching();
  await soon(() => expect(ids()).toEqual(["asha", "tom"]));
  leave();
  leave();
  await soon(() => expect(server.framesNamed("leave")).toEqual([{ channel: ROOM }]));
});

test("a channel that the client is not let into says why", async () => {
  const { server, presence, ids } = await watching();
  await soon(() => expect(ids()).toEqual(["asha", "tom"]));
  server.frame("left", { channel: ROOM, code: "LIVE_CHANNEL_REFUSED", message: "not any more" });
  await soon(() => expect(presence.getSnapshot().error?.code).toBe("LIVE_CHANNEL_REFUSED"));
  server.cut();
  await soon(() => expect(presence.getSnapshot()).toMatchObject({ error: undefined, isStale: false }));
});
