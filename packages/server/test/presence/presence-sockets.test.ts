import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "@livecache/rig";
import { defineContract } from "@livecache/wire";
import type { Ack, PresenceDiffFrame, PresenceReply } from "@livecache/wire";
import { Server } from "socket.io";
import { io as connectTo } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import { attach } from "../../src/socketio/attach.ts";

const contract = defineContract({
  channels: { "room/:id": { events: {}, presence: true }, news: { events: {} } },
});

/** An application with stock clients, for the length of a test. */
async function serve() {
  const live = createLive({
    contract,
    identify: ({ auth }) =>
      typeof auth?.["user"] === "string" ? { userId: auth["user"], team: auth["team"] } : undefined,
    authorize: { "room/:id": (_who, { id }) => id !== "closed", news: () => true },
    logger: { warn: () => undefined },
  });
  const http = createServer();
  const io = new Server(http);
  const attached = attach(live, io);
  http.listen(0, "127.0.0.1");
  const sockets: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of sockets) socket.disconnect();
    attached.close();
    await io.close();
    await live.close();
  });
  await until(() => http.listening && live.door.applied(), { what: "the server is up", withinMs: 5_000 });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

  async function connect(user?: string) {
    const socket = connectTo(url, { transports: ["websocket"], forceNew: true, auth: user ? { user } : {} });
    sockets.push(socket);
    const diffs: PresenceDiffFrame[] = [];
    socket.on("presence-diff", (frame: PresenceDiffFrame) => diffs.push(frame));
    await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
    const ask = <Reply>(frame: string, request?: unknown) =>
      socket.timeout(5_000).emitWithAck(frame, request) as Promise<Ack<Reply>>;
    return { socket, diffs, ask };
  }
  return { live, connect };
}

const WITHIN = { withinMs: 8_000 };

test("a stock client asks who is there, and is told of the others", async () => {
  const { live, connect } = await serve();
  const [a, b] = [await connect("a"), await connect("b")];
  await a.ask("join", { channel: "room/1" });
  const page = await a.ask<PresenceReply>("presence", { channel: "room/1" });
  expect(page).toMatchObject({ ok: true, channel: "room/1" });
  await b.ask("join", { channel: "room/1" });
  expect(await b.ask("presence-set", { state: "away", meta: { device: "phone" } })).toEqual({ ok: true });
  await until(() => a.diffs.some(({ count }) => count === 2), { what: "b is told of", ...WITHIN });
  await until(
    async () => {
      const { users } = await live.presence.of("room/:id", { id: 1 });
      return users.length === 2 && users[1]!.state === "away";
    },
    { what: "b is away", ...WITHIN },
  );
  const { users } = await live.presence.of("room/:id", { id: 1 });
  expect(users).toEqual([
    { userId: "a", state: "online" },
    { userId: "b", state: "away", meta: { device: "phone" } },
  ]);
  expect(await live.presence.count("room/:id", { id: "1" })).toBe(2);
  expect([await live.presence.isOnline("b"), await live.presence.isOnline("c")]).toEqual([true, false]);
});

test("a page that is reloaded makes no noise; who stays away is told as gone after the grace", async () => {
  const { live, connect } = await serve();
  const a = await connect("a");
  await a.ask("join", { channel: "room/1" });
  for (let round = 0; round < 3; round++) {
    const b = await connect("b");
    await b.ask("join", { channel: "room/1" });
    await until(async () => (await live.presence.count("room/:id", { id: 1 })) === 2, {
      what: "b is there",
      ...WITHIN,
    });
    b.socket.disconnect();
  }
  await until(async () => (await live.presence.count("room/:id", { id: 1 })) === 1, {
    what: "b is gone",
    ...WITHIN,
  });
  await until(() => a.diffs.at(-1)?.left?.includes("b"), { what: "a is told", ...WITHIN });
  const noise = a.diffs.flatMap(({ joined = [], left = [] }) => [
    ...joined.map(({ userId }) => `+${userId}`),
    ...left.map((userId) => `-${userId}`),
  ]);
  expect(noise.filter((text) => text.endsWith("b"))).toEqual(["+b", "-b"]);
});

test("frames about channels that one is not in, or that tell nobody, are refused", async () => {
  const { connect } = await serve();
  const a = await connect("a");
  await a.ask("join", { channel: "news" });
  await a.ask("join", { channel: "room/closed" });
  const refused = { ok: false, code: "LIVE_CHANNEL_REFUSED", retryable: false };
  for (const channel of ["news", "room/1", "room/closed", "no such"]) {
    expect(await a.ask("presence", { channel })).toMatchObject(refused);
    expect(await a.ask("presence-set", { channel, state: "away" })).toMatchObject(refused);
  }
  const invalid = { ok: false, code: "LIVE_FRAME_INVALID" };
  expect(await a.ask("presence", { channel: "room/1", limit: 201 })).toMatchObject(invalid);
  expect(await a.ask("presence-set", { meta: "x".repeat(1_023) })).toMatchObject(invalid);
  expect(await a.ask("heartbeat")).toEqual({ ok: true, at: expect.stringMatching(/Z$/) });
});

test("the server is told who comes and goes, in a loop and by a function, until it stops", async () => {
  const { live, connect } = await serve();
  const heard: PresenceDiffFrame[] = [];
  const stop = live.presence.onChange("room/:id", { id: 1 }, (diff) => heard.push(diff));
  const stream = live.presence.follow("room/:id", { id: 1 });
  const looped: string[] = [];
  const loop = (async () => {
    for await (const { joined = [] } of stream) {
      looped.push(...joined.map(({ userId }) => userId));
      if (looped.includes("b")) break;
    }
  })();
  await until(() => live.presence.figures().channels === 1, { what: "it follows", ...WITHIN });
  const [a, b] = [await connect("a"), await connect("b")];
  await a.ask("join", { channel: "room/1" });
  await until(() => heard.length > 0, { what: "a is told of", ...WITHIN });
  await b.ask("join", { channel: "room/1" });
  await loop;
  expect(looped).toEqual(["a", "b"]);
  expect(heard.flatMap(({ joined = [] }) => joined.map(({ userId }) => userId))).toEqual(["a", "b"]);
  stop();
  stop();
  stream.close();
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test("sockets are known by their records", async () => {
  const { live, connect } = await serve();
  const [one, two] = [await connect("a"), await connect("a")];
  await until(async () => (await live.sockets.of("a")).length === 2, { what: "both are known", ...WITHIN });
  const id = one.socket.id!;
  expect(await live.sockets.session(id)).toMatchObject({
    socketId: id,
    userId: "a",
    currentRegionId: null,
    lastLocation: null,
  });
  await one.ask("heartbeat", {});
  await until(() => live.sockets.heartbeat(id), { what: "its heart beats", ...WITHIN });
  one.socket.disconnect();
  await until(async () => (await live.sockets.of("a")).length === 1, { what: "one is gone", ...WITHIN });
  expect(await live.sockets.session(two.socket.id!)).toBeDefined();
  expect(await live.sockets.heartbeat(id)).toBeUndefined();
});

test("calls with wrong values are refused, and told what was received", async () => {
  const { live } = await serve();
  const { presence, sockets } = live;
  const calls: readonly (() => unknown)[] = [
    () => presence.of("news", {}),
    () => presence.count("nothing" as never, {} as never),
    () => presence.count(undefined as never, {} as never),
    () => presence.of("room/:id", {} as never),
    () => presence.of("room/:id", { id: 1 }, { limit: 0 }),
    () => presence.of("room/:id", { id: 1 }, { limit: 201 }),
    () => presence.of("room/:id", { id: 1 }, { after: "" }),
    () => presence.isOnline("" as never),
    () => presence.isOnline(7 as never),
    async () => presence.follow("news", {}),
    async () => presence.onChange("room/:id", { id: 1 }, "no" as never),
    () => sockets.of(undefined as never),
    () => sockets.session(""),
    () => sockets.heartbeat({} as never),
  ];
  for (const call of calls) {
    await expect(Promise.resolve().then(call)).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  }
  expect((await presence.of("room/:id", { id: 1 }, { limit: 1 })).users).toEqual([]);
  expect((await presence.of("room/:id", { id: 1 }, { limit: 200 })).users).toEqual([]);
});
