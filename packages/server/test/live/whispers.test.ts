import { expect, test, vi } from "vitest";
import { serve } from "../socketio/serve.ts";

const member = (userId: string) => ({ auth: { user: { userId, hostel: "7" } } });
const HOSTEL = { channel: "hostel/7" };

test("a member's whisper reaches the other members under its name, says from whom, and has no cursor", async () => {
  const site = await serve();
  const [teller, hearer] = [await site.connect(member("a")), await site.connect(member("b"))];
  for (const visitor of [teller, hearer]) await visitor.ask("join", HOSTEL);
  expect(await teller.ask("whisper", { ...HOSTEL, name: "pointer", data: { x: 1, y: 2 } })).toEqual({
    ok: true,
  });
  await hearer.names(1);
  expect(hearer.got).toEqual([{ name: "pointer", body: { x: 1 }, meta: { channel: "hostel/7", from: "a" } }]);
  expect(teller.got).toEqual([]);
});

test("the server's whisper reaches all members, and nobody else", async () => {
  const site = await serve();
  const [inside, outside] = [await site.connect(member("a")), await site.connect(member("b"))];
  await inside.ask("join", HOSTEL);
  await site.live.whisper("hostel/:hostelId", { hostelId: 7 }, "pointer", { x: 5 });
  await inside.names(1);
  expect(inside.got).toEqual([{ name: "pointer", body: { x: 5 }, meta: { channel: "hostel/7" } }]);
  expect(outside.got).toEqual([]);
});

test("whispers are refused from outside, under an unknown name, with a wrong or too long body", async () => {
  const site = await serve();
  const visitor = await site.connect(member("a"));
  const whisper = (name: unknown, data: unknown, channel = "hostel/7") =>
    visitor.ask("whisper", { channel, name, data });
  expect(await whisper("pointer", { x: 1 })).toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
  await visitor.ask("join", HOSTEL);
  await visitor.ask("join", { channel: "news" });
  expect(await whisper("pointer", { x: "1" })).toMatchObject({ code: "LIVE_FRAME_INVALID" });
  expect(await whisper("new_issue", { title: "x" })).toMatchObject({ code: "LIVE_FRAME_INVALID" });
  expect(await whisper("constructor", {})).toMatchObject({ code: "LIVE_FRAME_INVALID" });
  expect(await whisper("pointer", { x: 1 }, "news")).toMatchObject({ code: "LIVE_FRAME_INVALID" });
  expect(await whisper(7, {})).toMatchObject({ code: "LIVE_FRAME_INVALID" });
  await expect(
    site.live.whisper("news" as never, {} as never, "pointer" as never, {} as never),
  ).rejects.toMatchObject({
    code: "LIVE_EVENT_INVALID",
  });
});

test("who listens on the server with for await gets events in order, and the end when it closes", async () => {
  const site = await serve();
  const following = await site.live.follow("hostel/:hostelId", { hostelId: 7 });
  for (const title of ["a", "b"]) {
    await site.live.publish("hostel/:hostelId", { hostelId: 7 }, "new_issue", { title });
  }
  const heard: unknown[] = [];
  for await (const told of following) {
    heard.push(told);
    if (heard.length === 2) break;
  }
  expect(heard).toMatchObject([
    { type: "event", name: "new_issue", data: { title: "a" }, meta: { channel: "hostel/7" } },
    { type: "event", name: "new_issue", data: { title: "b" } },
  ]);
  const again = await site.live.follow("news", {});
  const next = again.next();
  again.close();
  expect(await next).toEqual({ done: true, value: undefined });
  await vi.waitUntil(() => site.live.door.hub.figures().channels === 2);
});

test("a loop that does not keep up is told of one hole, and goes on with what comes then", async () => {
  const site = await serve();
  const following = await site.live.follow("news", {});
  for (let item = 0; item < 1_002; item += 100) {
    const emit = Array.from({ length: 100 }, (_, index) => site.live.event("news", {}, "item", item + index));
    await site.live.change({ emit });
  }
  expect(await following.next()).toMatchObject({ value: { type: "resync", reason: "overflow" } });
  expect(await following.next()).toMatchObject({ value: { type: "event", data: 1_001 } });
  following.close();
});
