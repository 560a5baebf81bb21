import { Server } from "socket.io";
import type { Socket } from "socket.io";
import { expect, test } from "vitest";
import { serve } from "./serve.ts";

test("middleware, handlers, acknowledgements, binary and rooms of the application work as without us", async () => {
  const order: string[] = [];
  const site = await serve({
    prepare: (io) => {
      io.use((socket, next) => {
        order.push("before");
        socket.data["seen"] = true;
        next();
      });
      io.on("connection", (socket) => {
        order.push(`connected ${String(socket.data["seen"])}`);
        socket.on("sum", (a: number, b: number, answer: (sum: number) => void) => answer(a + b));
        socket.on("file", (bytes: Buffer, answer: (size: number) => void) => answer(bytes.length));
        socket.on("enter", async (room: string, answer: () => void) => {
          await socket.join(room);
          answer();
        });
      });
    },
  });
  site.io.use((_socket, next) => {
    order.push("after");
    next();
  });
  const [one, other] = [await site.connect(), await site.connect()];
  expect(order.slice(0, 3)).toEqual(["before", "after", "connected true"]);
  expect(await one.socket.emitWithAck("sum", 2, 3)).toBe(5);
  expect(await one.socket.emitWithAck("file", Buffer.alloc(1_000))).toBe(1_000);
  await one.ask("join", { channel: "news" });
  await one.socket.emitWithAck("enter", "lobby");
  site.io.to("lobby").emit("hello", Buffer.from("bytes"));
  site.io.emit("all");
  await other.names(1);
  expect(await one.names(2)).toEqual(["hello", "all"]);
  expect(other.got.map(({ name }) => name)).toEqual(["all"]);
  expect((await site.io.in("lobby").fetchSockets()).map(({ id }) => id)).toEqual([one.socket.id]);
  // Ours are no rooms of the adapter, so nobody can join, list or empty them.
  expect([...site.io.sockets.adapter.rooms.keys()].sort()).toEqual(
    [one.socket.id, other.socket.id, "lobby"].sort(),
  );
});

test("a middleware of one socket sees the application's own events, and does not get in our way", async () => {
  const seen: unknown[] = [];
  const site = await serve({
    prepare: (io) => {
      io.on("connection", (socket) => {
        socket.use(([name], next) => {
          seen.push(name);
          next(name === "bad" ? new Error("no") : undefined);
        });
        socket.on("good", (answer: () => void) => answer());
      });
    },
  });
  const visitor = await site.connect();
  await visitor.socket.emitWithAck("good");
  visitor.socket.emit("bad");
  expect(await visitor.ask("join", { channel: "news" })).toMatchObject({ ok: true });
  expect(seen).toEqual(expect.arrayContaining(["good", "bad"]));
});

test("other namespaces are the application's alone, and their sockets are not counted twice", async () => {
  const site = await serve({
    attach: { limits: { socketsPerUser: 1 } },
    prepare: (io) =>
      io
        .of("/chat")
        .on("connection", (socket) => socket.on("ping", (answer: (text: string) => void) => answer("pong"))),
  });
  const visitor = await site.connect({ auth: { user: { userId: "ada" } } });
  const chat = visitor.socket.io.socket("/chat");
  chat.connect();
  expect(await chat.emitWithAck("ping")).toBe("pong");
  await visitor.ask("join", { channel: "news" });
  await site.live.publish("news", {}, "item", 1);
  await visitor.names(1);
  site.io.of("/chat").emit("said", 1);
  await new Promise((resolve) => chat.once("said", resolve));
  expect(
    await chat
      .timeout(200)
      .emitWithAck("join", { channel: "news" })
      .catch(() => "nobody"),
  ).toBe("nobody");
});

test("onAny and onAnyOutgoing see what is said, and one that throws disturbs nobody", async () => {
  const incoming: unknown[] = [];
  const outgoing: unknown[][] = [];
  const site = await serve({
    prepare: (io) => {
      io.on("connection", (socket: Socket) => {
        socket.onAny((name: string) => incoming.push(name));
        socket.onAnyOutgoing((...args: unknown[]) => {
          outgoing.push(args.slice(0, 2));
          if (args[1] === "throw") throw new Error("listener");
        });
      });
    },
  });
  const [one, other] = [await site.connect(), await site.connect()];
  for (const visitor of [one, other]) await visitor.ask("join", { channel: "news" });
  await site.live.publish("news", {}, "item", 1);
  await site.live.publish("news", {}, "item", "throw");
  await site.live.publish("news", {}, "item", 2);
  await expect.poll(() => other.got.at(-1)?.body).toBe(2);
  expect(incoming).toEqual(["join", "join"]);
  expect(outgoing.filter(([, body]) => body === 1)).toEqual([
    ["item", 1],
    ["item", 1],
  ]);
  expect(site.warnings.filter((warning) => warning.includes("could not be sent")).length).toBeGreaterThan(0);
});

test.each([
  ["polling", { transports: ["polling"] }, {}],
  ["polling, then WebSocket", { transports: ["polling", "websocket"] }, {}],
  ["compressed WebSocket", {}, { perMessageDeflate: { threshold: 0 } }],
])("over %s events come complete and in order", async (_what, client, io) => {
  const site = await serve({ io });
  const visitor = await site.connect(client);
  await visitor.ask("join", { channel: "news" });
  for (let number = 0; number < 30; number++)
    await site.live.publish("news", {}, "item", { number, text: "ü€💥".repeat(number * 20) });
  await visitor.names(30);
  expect(visitor.got.map(({ body }) => body)).toEqual(
    Array.from({ length: 30 }, (_, number) => ({ number, text: "ü€💥".repeat(number * 20) })),
  );
});

/** Socket.IO's own parser, for others to extend. */
const stockParser = new Server()["_parser"];

/** A parser of the application's own: everything is sent as bytes. */
const byteParser = {
  Encoder: class {
    encode(packet: object) {
      return [Buffer.from(JSON.stringify(packet))];
    }
  },
  Decoder: class extends stockParser.Decoder {
    override add(data: unknown) {
      this.emitReserved("decoded", JSON.parse(String(data)));
    }
  },
};

test.each([
  ["of text", { Encoder: class extends stockParser.Encoder {}, Decoder: stockParser.Decoder }],
  ["of bytes", byteParser],
])("a parser of the application's own, %s, is used for what we send", async (_what, parser) => {
  const site = await serve({ io: { parser } });
  const visitor = await site.connect({ parser });
  expect(await visitor.ask("join", { channel: "news" })).toMatchObject({ ok: true });
  await site.live.publish("news", {}, "item", { deep: [1, "ü"] });
  await visitor.names(1);
  expect(visitor.got[0]).toMatchObject({ name: "item", body: { deep: [1, "ü"] }, meta: { channel: "news" } });
});

test("what is told to 120 sockets at once reaches each once, in order, also those that come and go meanwhile", async () => {
  const site = await serve({ attach: { limits: { handshakesPerSecond: 10_000 } } });
  const visitors = await Promise.all(Array.from({ length: 120 }, () => site.connect()));
  await Promise.all(visitors.map((visitor) => visitor.ask("join", { channel: "news" })));
  const rounds = 30;
  const changes = Array.from({ length: rounds }, (_, number) =>
    site.live.publish("news", {}, "item", number),
  );
  for (const visitor of visitors.slice(0, 20)) visitor.socket.disconnect();
  const late = await site.connect();
  const joined = await late.ask<{ cursor: string }>("join", { channel: "news" });
  await Promise.all(changes);
  await site.live.publish("news", {}, "item", "last");
  const stayed = visitors.slice(20);
  const isComplete = ({ got }: (typeof stayed)[number]) => got.length > rounds;
  await expect.poll(() => stayed.every(isComplete), { timeout: 20_000 }).toBe(true);
  const all = [...Array.from({ length: rounds }, (_, number) => number), "last"];
  for (const { got } of stayed) expect(got.map(({ body }) => body)).toEqual(all);
  await expect.poll(() => late.got.at(-1)?.body, { timeout: 20_000 }).toBe("last");
  const offsets = late.got.map(({ meta }) => Number(meta!.cursor.split("-").at(-1)));
  const first = Number(joined.ok && joined.cursor.split("-").at(-1)) + 1;
  expect(offsets).toEqual(offsets.map((_, index) => first + index));
});
