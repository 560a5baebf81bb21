import type { Ack, EventMeta, JoinReply, ResyncFrame, WatchReply } from "@livecache/wire";
import { io as client4 } from "socket.io-client";
import { io as client3 } from "socket.io-client3";
import { expect, onTestFinished, test } from "vitest";
import { serve } from "./serve.ts";
import type { Site } from "./serve.ts";

/** What both versions of the stock client have in common. */
interface StockSocket {
  readonly connected: boolean;
  on(event: string, listener: (...args: any[]) => void): unknown;
  once(event: string, listener: (...args: any[]) => void): unknown;
  onAny(listener: (name: string, ...args: any[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

type Connect = (url: string, options: object) => StockSocket;

interface Told {
  readonly name: string;
  readonly body: unknown;
  readonly meta: EventMeta | undefined;
}

/** A client of either version: what it is told, and how to ask. */
function use(connect: Connect, site: Site, auth: object = {}) {
  const socket = connect(site.url, {
    transports: ["websocket"],
    forceNew: true,
    autoConnect: false,
    auth,
    reconnectionDelay: 10,
  });
  onTestFinished(() => void socket.disconnect());
  const told: Told[] = [];
  socket.onAny((name: string, body: unknown, meta?: EventMeta) => told.push({ name, body, meta }));
  return {
    socket,
    told,
    named: (name: string) => told.filter((one) => one.name === name),
    ask: <Reply>(frame: string, request: unknown) =>
      new Promise<Ack<Reply>>((resolve) =>
        socket.emit(frame, request, (reply: Ack<Reply>) => resolve(reply)),
      ),
    open: () =>
      new Promise<(Error & { data?: unknown }) | undefined>((resolve) => {
        socket.once("connect", () => resolve(undefined));
        socket.once("connect_error", resolve);
        socket.connect();
      }),
  };
}

const VERSIONS: readonly (readonly [string, Connect])[] = [
  ["4", client4 as unknown as Connect],
  ["3", client3 as unknown as Connect],
];

const ada = { user: { userId: "ada", hostel: "1" } };

test.each(VERSIONS)("stock client %s: live queries", async (_version, connect) => {
  const site = await serve();
  const { ask, open, named } = use(connect, site);
  expect(await open()).toBeUndefined();
  const token = await site.respond({ key: "issues", tags: ["hostel:1"] });
  const [first, second] = [
    await ask<WatchReply>("watch", { token }),
    await ask<WatchReply>("watch", { token }),
  ];
  expect(first).toMatchObject({ ok: true, state: "fresh" });
  if (!second.ok) throw new Error(second.message);
  expect(await ask("unwatch", { id: second.id })).toEqual({ ok: true });
  await site.live.change({ tags: ["hostel:1"] });
  await expect.poll(() => ask<WatchReply>("watch", { token })).toMatchObject({ ok: true, state: "stale" });
  expect(named("stale").length).toBeLessThanOrEqual(1);
  expect(await ask("watch", { token: "forged" })).toMatchObject({
    ok: false,
    code: "LIVE_TOKEN_INVALID",
    retryable: false,
  });
});

test.each(VERSIONS)("stock client %s: a watched response that changes is told", async (_version, connect) => {
  const site = await serve();
  const { ask, open, named } = use(connect, site);
  await open();
  const token = await site.respond({ key: "issues", tags: ["hostel:1"] });
  const reply = await ask<WatchReply>("watch", { token });
  const result = await site.live.change({ tags: ["hostel:1"] });
  await expect.poll(() => named("stale").length).toBe(1);
  expect(named("stale")[0]!.body).toMatchObject({
    id: reply.ok && reply.id,
    position: expect.any(String) as string,
    changeId: result.changeId,
  });
});

test.each(VERSIONS)(
  "stock client %s: channels, whispers, and going on after a break without loss",
  async (_version, connect) => {
    const site = await serve();
    const [one, other] = [use(connect, site, ada), use(connect, site, ada)];
    await Promise.all([one.open(), other.open()]);
    const joined = await one.ask<JoinReply>("join", { channel: "news" });
    expect(joined).toMatchObject({ ok: true, channel: "news", resumed: false });
    await other.ask("join", { channel: "news" });
    const item = (number: number) => site.live.publish("news", {}, "item", number);
    await item(1);
    await expect.poll(() => one.named("item").map(({ body }) => body)).toEqual([1]);
    const { meta } = one.named("item")[0]!;
    expect(meta).toMatchObject({
      channel: "news",
      cursor: expect.any(String) as string,
      position: expect.any(String) as string,
    });
    expect(await one.ask("whisper", { channel: "news", name: "progress", data: 40 })).toEqual({ ok: true });
    await expect
      .poll(() => other.named("progress"))
      .toEqual([{ name: "progress", body: 40, meta: { channel: "news", from: "ada" } }]);
    expect(one.named("progress")).toEqual([]);
    one.socket.disconnect();
    await expect.poll(() => site.io.sockets.sockets.size).toBe(1);
    for (const number of [2, 3, 4]) await item(number);
    await one.open();
    expect(await one.ask<JoinReply>("join", { channel: "news", cursor: meta!.cursor })).toMatchObject({
      ok: true,
      resumed: true,
      cursor: meta!.cursor,
    });
    await expect.poll(() => one.named("item").map(({ body }) => body)).toEqual([1, 2, 3, 4]);
    expect(await one.ask<JoinReply>("join", { channel: "news", cursor: "elsewhere-5" })).toMatchObject({
      ok: true,
      resumed: false,
      reason: "epoch",
    });
    expect(await one.ask("leave", { channel: "news" })).toEqual({ ok: true });
    await item(5);
    await expect.poll(() => other.named("item").length).toBe(5);
    expect(one.named("item").length).toBe(4);
  },
);

test.each(VERSIONS)("stock client %s: refusals say what was expected", async (_version, connect) => {
  const site = await serve();
  const { ask, open } = use(connect, site, ada);
  await open();
  const expected = [
    ["join", { channel: "hostel/2" }, "LIVE_CHANNEL_REFUSED"],
    ["join", { channel: "nowhere" }, "LIVE_CHANNEL_UNKNOWN"],
    ["join", "news", "LIVE_FRAME_INVALID"],
    ["whisper", { channel: "news", name: "progress", data: 1 }, "LIVE_CHANNEL_REFUSED"],
    ["refresh", {}, "LIVE_FRAME_INVALID"],
  ] as const;
  for (const [frame, request, code] of expected) {
    expect(await ask(frame, request)).toMatchObject({
      ok: false,
      code,
      message: expect.any(String) as string,
      retryable: false,
    });
  }
});

test.each(VERSIONS)(
  "stock client %s: rights that end, identities that are renewed and that end",
  async (_version, connect) => {
    let isOpen = true;
    let isKnown = true;
    const site = await serve({
      identify: ({ auth }) => (isKnown && auth?.["user"] ? (auth["user"] as { userId: string }) : undefined),
      mayReadNews: () => isOpen,
    });
    const { ask, open, named, socket } = use(connect, site, ada);
    await open();
    await ask("join", { channel: "news" });
    expect(await ask("refresh", { auth: ada })).toEqual({ ok: true });
    isOpen = false;
    await site.live.change({ identity: "ada" });
    await expect
      .poll(() => named("left").map(({ body }) => body))
      .toEqual([expect.objectContaining({ channel: "news", code: "LIVE_CHANNEL_REFUSED" })]);
    isKnown = false;
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    await site.live.change({ identity: "ada" });
    expect(await gone).toBe("io server disconnect");
    expect(named("ended").map(({ body }) => body)).toEqual([
      expect.objectContaining({ code: "LIVE_IDENTITY_ENDED", retryable: false }),
    ]);
  },
);

test.each(VERSIONS)(
  "stock client %s: whoever is turned away finds the reason on connect_error",
  async (_version, connect) => {
    const site = await serve({ attach: { limits: { socketsPerUser: 1 } } });
    await use(connect, site, ada).open();
    const error = await use(connect, site, ada).open();
    expect(error?.data).toMatchObject({
      code: "LIVE_LIMIT_REACHED",
      message: error?.message,
      retryable: true,
    });
  },
);

test.each(VERSIONS)(
  "stock client %s: a gap is told as resync, with where to go on",
  async (_version, connect) => {
    const site = await serve();
    const { ask, open, named } = use(connect, site);
    await open();
    const joined = await ask<JoinReply>("join", { channel: "news" });
    if (!joined.ok) throw new Error(joined.message);
    const frame: ResyncFrame = {
      channel: "news",
      cursor: joined.cursor,
      position: joined.position,
      reason: "lost",
    };
    site.live.door.hub.broadcast({ channel: "news", frame: "resync", args: [frame], lane: "reliable" });
    await expect.poll(() => named("resync").map(({ body }) => body)).toEqual([frame]);
  },
);
