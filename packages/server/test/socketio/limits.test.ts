import { expect, test } from "vitest";
import { FrameGate } from "../../src/socketio/frame-gate.ts";
import { createManualClock } from "./manual-clock.ts";
import { openRawSocket } from "@livecache/rig";
import { serve } from "./serve.ts";

test("the gate lets a burst pass, refills with the rate, and ends who goes on", () => {
  const clock = createManualClock();
  const gate = new FrameGate(clock, { perSecond: 50, burst: 100, maxRefused: 3 });
  const take = (count: number) => Array.from({ length: count }, () => gate.judge());
  expect(new Set(take(100))).toEqual(new Set(["handle"]));
  expect(take(2)).toEqual(["refuse", "refuse"]);
  clock.advance(19);
  expect(gate.judge()).toBe("refuse");
  clock.advance(1);
  expect(gate.judge()).toBe("handle");
  expect(take(1)).toEqual(["end"]);
});

test("a gate forgives what it refused once the client has paused", () => {
  const clock = createManualClock();
  const gate = new FrameGate(clock, { perSecond: 50, burst: 100, maxRefused: 3 });
  const take = (count: number) => Array.from({ length: count }, () => gate.judge());
  take(103);
  clock.advance(1_999);
  take(99);
  expect(take(1)).toEqual(["end"]);
  clock.advance(2_000);
  take(100);
  expect(take(4)).toEqual(["refuse", "refuse", "refuse", "end"]);
});

test("a socket that sends too many frames is refused by name, and ended when it goes on; others notice nothing", async () => {
  const site = await serve();
  const [flooder, other] = [await site.connect(), await site.connect()];
  const ended = new Promise((resolve) => flooder.socket.once("disconnect", resolve));
  const answers = Array.from({ length: 1_300 }, () =>
    flooder.ask("leave", { channel: "news" }).catch(() => undefined),
  );
  expect(await ended).toBe("io server disconnect");
  expect(await other.ask("leave", { channel: "news" })).toEqual({ ok: true });
  const refused = (await Promise.all(answers)).find((answer) => answer && !answer.ok);
  expect(refused).toMatchObject({ code: "LIVE_LIMIT_REACHED", retryable: true });
  expect(site.attached.figures()).toMatchObject({ floodersEnded: 1 });
  expect(site.attached.figures().framesRefused).toBeGreaterThan(500);
});

test("a client that holds all it may can ask for everything at once when it comes back", async () => {
  const site = await serve();
  const token = await site.respond({ key: "dashboard" });
  const visitor = await site.connect();
  const watches = Array.from({ length: 500 }, () => visitor.ask("watch", { token }));
  const joins = Array.from({ length: 100 }, () => visitor.ask("join", { channel: "news" }));
  const answers = await Promise.all([...watches, ...joins]);
  expect(answers.filter((answer) => !answer.ok)).toEqual([]);
});

/** A limit's refusal, as a client gets it. */
const limited = (because: string) => ({
  ok: false,
  code: "LIVE_LIMIT_REACHED",
  message: expect.stringContaining(because) as unknown,
  retryable: true,
});

test("channels of a socket: at the limit all are joined, above it the next is refused, and leaving makes room", async () => {
  const site = await serve({ attach: { limits: { channelsPerSocket: 3 } } });
  const visitor = await site.connect({ auth: { user: { userId: "u", hostel: "1" } } });
  const channels = ["news", "hostel/1", "news/2", "news/3"];
  for (const channel of channels.slice(0, 3)) {
    expect(await visitor.ask("join", { channel })).toMatchObject({ ok: true, channel });
  }
  expect(await visitor.ask("join", { channel: channels[3] })).toEqual(
    limited("is in 3 channels already. Leave what is no longer shown."),
  );
  expect(await visitor.ask("join", { channel: "news" })).toMatchObject({ ok: true });
  await visitor.ask("leave", { channel: "news" });
  await expect.poll(async () => (await visitor.ask("join", { channel: channels[3] })).ok).toBe(true);
});

test("joins a second: twice as many as the socket may be in at once, then as many a second", async () => {
  const site = await serve({ attach: { limits: { channelsPerSocket: 3, joinsPerSecond: 20 } } });
  const visitor = await site.connect();
  const join = () => visitor.ask("join", { channel: "news" });
  const answers = await Promise.all(Array.from({ length: 7 }, join));
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true, true, true, false]);
  expect(answers[6]).toEqual(limited("too many joins: at most 20 a second, and 6 at once, are handled"));
  // Other frames go on.
  expect(await visitor.ask("leave", { channel: "news" })).toEqual({ ok: true });
  await expect.poll(async () => (await join()).ok, { interval: 20 }).toBe(true);
});

test("frames of a socket that are not answered yet: at the limit all are handled, above it the next is refused", async () => {
  let letGo = (): void => undefined;
  const held = new Promise<boolean>((resolve) => (letGo = () => resolve(true)));
  const site = await serve({ attach: { limits: { pendingFrames: 3 } }, mayReadNews: () => held });
  const visitor = await site.connect();
  const pending = Array.from({ length: 3 }, () => visitor.ask("join", { channel: "news" }));
  expect(await visitor.ask("leave", { channel: "elsewhere" })).toEqual(
    limited("3 frames of this socket are not answered yet. Wait for answers before sending more."),
  );
  letGo();
  expect((await Promise.all(pending)).map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(await visitor.ask("leave", { channel: "elsewhere" })).toEqual({ ok: true });
});

test("bytes of a frame: at the limit it is handled, above it it is refused with both figures", async () => {
  const site = await serve({ io: { maxHttpBufferSize: 1e6 }, attach: { limits: { messageBytes: 1_024 } } });
  expect(site.warnings.join()).toContain(
    "set maxHttpBufferSize of the Socket.IO server, or limits.messageBytes",
  );
  const visitor = await site.connect();
  const ofBytes = (bytes: number) => ({
    channel: "news",
    pad: "x".repeat(bytes - '{"channel":"news","pad":""}'.length),
  });
  expect(await visitor.ask("leave", ofBytes(1_023))).toEqual({ ok: true });
  expect(await visitor.ask("leave", ofBytes(1_024))).toEqual({ ok: true });
  expect(await visitor.ask("leave", ofBytes(1_025))).toEqual({
    ok: false,
    code: "LIVE_FRAME_INVALID",
    message: "leave: expected at most 1024 bytes of JSON, received 1025.",
    retryable: false,
  });
});

test("a frame nested so deeply that it cannot be written is refused, and nothing else happens", async () => {
  const site = await serve({ io: { maxHttpBufferSize: 1e6 } });
  const raw = await openRawSocket(site.url);
  await expect.poll(() => raw.texts.some((text) => text.startsWith("40"))).toBe(true);
  raw.send(`420["leave",${"[".repeat(30_000)}${"]".repeat(30_000)}]`);
  raw.send(`421["leave",{"channel":"news"}]`);
  await expect.poll(() => raw.texts.filter((text) => text.startsWith("43")).length).toBe(2);
  const answers = raw.texts.filter((text) => text.startsWith("43"));
  expect(answers.find((text) => text.startsWith("430"))).toContain("LIVE_FRAME_INVALID");
  expect(answers.find((text) => text.startsWith("431"))).toContain('"ok":true');
  raw.destroy();
});

test("a message above what the transport takes ends the connection, and the client comes back", async () => {
  const site = await serve();
  const visitor = await site.connect({ reconnection: true, reconnectionDelay: 10 });
  const back = new Promise((resolve) =>
    visitor.socket.once("disconnect", () => visitor.socket.once("connect", () => resolve(1))),
  );
  visitor.socket.emit("leave", { channel: "x".repeat(70_000) });
  await back;
  expect(await visitor.ask("leave", { channel: "news" })).toEqual({ ok: true });
});
