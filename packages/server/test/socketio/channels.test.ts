import type { JoinReply } from "@livecache/wire";
import { formatPosition } from "@livecache/wire";
import { expect, test, vi } from "vitest";
import { serve } from "./serve.ts";
import type { Site } from "./serve.ts";

const WARDEN = { user: { userId: "w1", hostel: "7" } };

async function report(site: Site, title: string) {
  const issue = site.live.event("hostel/:hostelId", { hostelId: 7 }, "new_issue", { title });
  return site.live.change({ tags: ["hostel:7"], emit: [issue] });
}

test("a member gets the channel's events by their names, with the body and where it stands", async () => {
  const site = await serve();
  const visitor = await site.connect({ auth: WARDEN });
  const joined = (await visitor.ask<JoinReply>("join", { channel: "hostel/7" })) as JoinReply;
  const change = await report(site, "Tap drips");
  expect(await visitor.names(1)).toEqual(["new_issue"]);
  expect(visitor.got[0]).toMatchObject({
    body: { title: "Tap drips" },
    meta: {
      channel: "hostel/7",
      cursor: joined.cursor.replace(/\d+$/, "1"),
      position: formatPosition(change.position!),
      changeId: change.changeId,
    },
  });
});

test("who may not join is refused and hears nothing; an unknown channel is said to be unknown", async () => {
  const site = await serve();
  const [stranger, anonymous] = [
    await site.connect({ auth: { user: { userId: "s1", hostel: "8" } } }),
    await site.connect(),
  ];
  for (const visitor of [stranger, anonymous]) {
    const refused = { ok: false, code: "LIVE_CHANNEL_REFUSED", retryable: false };
    expect(await visitor.ask("join", { channel: "hostel/7" })).toMatchObject(refused);
    expect(await visitor.ask("join", { channel: "hostels/7" })).toMatchObject({
      code: "LIVE_CHANNEL_UNKNOWN",
    });
  }
  await report(site, "Tap drips");
  expect(await stranger.ask("leave", { channel: "hostel/7" })).toEqual({ ok: true });
  expect(stranger.got).toEqual([]);
});

test("an event that its schema refuses is rejected, nobody hears it, and nothing has changed", async () => {
  const site = await serve();
  const visitor = await site.connect({ auth: WARDEN });
  await visitor.ask("join", { channel: "hostel/7" });
  const before = site.live.door.applied();
  await expect(report(site, 5 as unknown as string)).rejects.toMatchObject({ code: "LIVE_EVENT_INVALID" });
  expect(site.live.door.applied()).toEqual(before);
  await visitor.ask("leave", { channel: "hostel/7" });
  expect(visitor.got).toEqual([]);
});

test("who has left hears no more, and comes back with its cursor", async () => {
  const site = await serve();
  const visitor = await site.connect({ auth: WARDEN });
  const { cursor } = (await visitor.ask<JoinReply>("join", { channel: "hostel/7" })) as JoinReply;
  await visitor.ask("leave", { channel: "hostel/7" });
  expect(await visitor.ask("join", { channel: "hostel/7", cursor })).toMatchObject({ resumed: true });
  await visitor.ask("leave", { channel: "hostel/7" });
  await report(site, "Tap drips");
  expect(visitor.got).toEqual([]);
  expect(await visitor.ask("join", { channel: "hostel/7", cursor })).toMatchObject({ resumed: true, cursor });
  await vi.waitUntil(() => visitor.got.length === 1);
  expect(visitor.got).toMatchObject([{ body: { title: "Tap drips" } }]);
});

test("the reply to a join comes before the channel's first event, and every event after its cursor comes", async () => {
  const site = await serve();
  const visitor = await site.connect({ auth: WARDEN });
  const order: string[] = [];
  visitor.socket.onAny((_name, { title }: { title: string }) => order.push(title));
  const publishing = (async () => {
    for (let number = 1; number <= 200; number++) await report(site, String(number));
  })();
  visitor.socket.emit("join", { channel: "hostel/7" }, (reply: JoinReply) => order.push(reply.cursor));
  await publishing;
  await visitor.ask("unwatch", { id: "x" });
  const from = Number(order[0]!.split("-")[1]);
  const expected = Array.from({ length: 200 - from }, (_, index) => String(from + index + 1));
  expect(order.slice(1)).toEqual(expected);
});

test("the application's own events, rooms and broadcasts work on beside ours", async () => {
  const site = await serve({
    prepare(io) {
      io.use((socket, next) => {
        socket.data.name = "Ada";
        next();
      });
      io.on("connection", (socket) => {
        socket.on("enter", (room, ack) => {
          void socket.join(room);
          ack(socket.data.name);
        });
      });
    },
  });
  const visitor = await site.connect({ auth: WARDEN });
  await visitor.ask("join", { channel: "hostel/7" });
  expect(await visitor.socket.timeout(5_000).emitWithAck("enter", "lobby")).toBe("Ada");
  site.io.to("lobby").emit("hello", 1);
  await report(site, "Tap drips");
  expect(await visitor.names(2)).toEqual(["hello", "new_issue"]);
});

test("an application that lets clients name rooms does not let them into channels", async () => {
  const site = await serve({
    prepare: (io) =>
      io.on("connection", (socket) => {
        socket.on("enter", (room, ack) => {
          void socket.join(room);
          ack();
        });
      }),
  });
  const spy = await site.connect();
  for (const room of ["hostel/7", "live:hostel/7"])
    await spy.socket.timeout(5_000).emitWithAck("enter", room);
  const member = await site.connect({ auth: WARDEN });
  await member.ask("join", { channel: "hostel/7" });
  await report(site, "Tap drips");
  await member.names(1);
  await spy.ask("unwatch", { id: "x" });
  expect(spy.got).toEqual([]);
});

test("an application's outgoing listener that throws stops neither the node nor the other sockets", async () => {
  const site = await serve();
  const token = await site.respond({ key: "dashboard", tags: ["hostel:7"] });
  const [bad, good] = [await site.connect({ auth: WARDEN }), await site.connect({ auth: WARDEN })];
  for (const visitor of [bad, good]) await visitor.ask("watch", { token });
  site.io.sockets.sockets.get(bad.socket.id!)!.onAnyOutgoing(() => {
    throw new Error("application bug");
  });
  await report(site, "Tap drips");
  expect(await good.names(1)).toEqual(["stale"]);
  expect(site.warnings.some((warning) => warning.includes("could not be sent"))).toBe(true);
});

test("a closed door stops listening and sending, and lets the sockets be", async () => {
  const site = await serve();
  const visitor = await site.connect({ auth: WARDEN });
  await visitor.ask("join", { channel: "hostel/7" });
  site.attached.close();
  site.attached.close();
  await report(site, "Tap drips");
  await expect(visitor.socket.timeout(100).emitWithAck("join", { channel: "hostel/7" })).rejects.toThrow(
    "timed out",
  );
  expect(visitor.got).toEqual([]);
  expect(visitor.socket.connected).toBe(true);
});
