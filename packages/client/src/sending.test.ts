import type { Contract } from "@livecache/wire";
import { expect, test } from "vitest";
import { QUICK, clientOf, openServer, roundTrips, soon } from "../test/rig.ts";
import { ScriptedServer, refusal } from "../test/scripted-server.ts";
import type { LiveClient } from "./client.ts";
import { storedOutbox } from "./outbox.ts";
import type { OutboxStorage, QueuedMessage } from "./outbox.ts";

const ROOM = "room/1";

function enter(client: LiveClient<Contract>) {
  return client.channel("room/:roomId", { roomId: 1 }, { onError: () => {} });
}

/** A server whose handler of messages answers their data in capitals. */
async function shouting(): Promise<ScriptedServer> {
  const server = await openServer();
  server.answers.set("send", ({ data }) => ({ ok: true, data: String(data).toUpperCase() }));
  return server;
}

const texts = (server: ScriptedServer) => server.framesNamed("send").map(({ data }) => data);

/** A storage that a page leaves behind. */
function shelf(kept: QueuedMessage[] = []): OutboxStorage & { readonly kept: QueuedMessage[] } {
  return {
    kept,
    all: () => [...kept],
    put: (message) => kept.push(message),
    delete: (id) => kept.splice(0, kept.length, ...kept.filter((message) => message.id !== id)),
  };
}

test("a message is sent once its channel is joined, and resolves with what the server answers", async () => {
  const server = await shouting();
  const room = enter(clientOf(server));
  expect(await room.send("say", "hello")).toBe("HELLO");
  expect(server.frames.map(({ name }) => name)).toEqual(["join", "send"]);
  expect(server.framesNamed("send")).toEqual([
    { id: expect.stringMatching(/^[0-9a-z]{12,24}$/), channel: ROOM, name: "say", data: "hello" },
  ]);
});

test("messages of one channel are sent one after another, in order, each under an id of its own", async () => {
  const server = await shouting();
  const room = enter(clientOf(server));
  const words = Array.from({ length: 30 }, (_, at) => `w${at}`);
  expect(await Promise.all(words.map((word) => room.send("say", word)))).toEqual(
    words.map((word) => word.toUpperCase()),
  );
  expect(texts(server)).toEqual(words);
  expect(new Set(server.framesNamed("send").map(({ id }) => id)).size).toBe(30);
});

test("what is written offline is sent in order when the server is there", async () => {
  const server = await new ScriptedServer().reserve();
  const room = enter(clientOf(server));
  const sent = Promise.all(["a", "b", "c"].map((word) => room.send("say", word)));
  await server.start();
  await sent;
  expect(texts(server)).toEqual(["a", "b", "c"]);
  await server.stop();
});

test("a message whose answer got lost is sent again under its id, over a restart of the server, before later ones", async () => {
  const server = await shouting();
  const room = enter(clientOf(server));
  server.answers.set("send", () => undefined);
  const first = room.send("say", "a");
  const second = room.send("say", "b");
  await soon(() => expect(texts(server)).toEqual(["a"]));
  await server.stop();
  server.answers.set("send", () => ({ ok: true, data: "late" }));
  await server.start();
  expect(await Promise.all([first, second])).toEqual(["late", "late"]);
  expect(texts(server)).toEqual(["a", "a", "b"]);
  const ids = server.framesNamed("send").map(({ id }) => id);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[1]);
});

test("an answer that does not come in time leads to the same message again", async () => {
  const server = await shouting();
  let asked = 0;
  server.answers.set("send", () => (++asked === 1 ? undefined : { ok: true, data: asked }));
  const room = enter(clientOf(server, { timing: { ...QUICK, requestTimeoutMs: 100 } }));
  expect(await room.send("say", "a")).toBe(2);
});

test.each([
  refusal("LIVE_LIMIT_REACHED", true),
  refusal("LIVE_GROUND_AWAY", true),
  { ...refusal("LIVE_LIMIT_REACHED", true), retryAfterMs: 20 },
  refusal("LIVE_CLOSED"),
])("what may pass is tried again, and later messages wait: %j", async (passing) => {
  const server = await shouting();
  let asked = 0;
  server.answers.set("send", ({ data }) => (++asked < 3 ? passing : { ok: true, data }));
  const room = enter(clientOf(server));
  expect(await Promise.all([room.send("say", "a"), room.send("say", "b")])).toEqual(["a", "b"]);
  expect(texts(server)).toEqual(["a", "a", "a", "b"]);
});

test("a refused message rejects with the refusal, and the next one is sent all the same", async () => {
  const server = await shouting();
  server.answers.set("send", ({ data }) =>
    data === "bad" ? refusal("LIVE_EVENT_INVALID") : { ok: true, data },
  );
  const room = enter(clientOf(server));
  const [bad, good] = await Promise.allSettled([room.send("say", "bad"), room.send("say", "good")]);
  expect(bad).toMatchObject({
    reason: { code: "LIVE_EVENT_INVALID", details: { channel: ROOM, name: "say" } },
  });
  expect(good).toMatchObject({ value: "good" });
});

test("when the channel is refused, so are the messages that wait for it", async () => {
  const server = await shouting();
  server.join = () => refusal("LIVE_CHANNEL_REFUSED");
  const room = enter(clientOf(server));
  await expect(room.send("say", "a")).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
  expect(texts(server)).toEqual([]);
});

test("100 messages may wait; the next is refused by name, and there is room again when one was answered", async () => {
  const server = await new ScriptedServer().reserve();
  const room = enter(clientOf(server));
  const waiting = Array.from({ length: 99 }, (_, at) => room.send("say", at));
  const hundredth = room.send("say", 99);
  await expect(room.send("say", 100)).rejects.toMatchObject({
    code: "LIVE_LIMIT_REACHED",
    message: "send: 100 messages wait already, at most 100 may.",
  });
  await server.start();
  await Promise.all([...waiting, hundredth]);
  await room.send("say", 101);
  expect(texts(server)).toEqual([...Array.from({ length: 100 }, (_, at) => at), 101]);
  await server.stop();
});

test("what the caller does with its object afterwards is not sent", async () => {
  const server = await shouting();
  const room = enter(clientOf(server));
  const note = { title: "a" };
  const sent = room.send("say", note);
  note.title = "b";
  await sent;
  expect(texts(server)).toEqual([{ title: "a" }]);
});

test("what JSON cannot carry is refused and does not take up room", async () => {
  const room = enter(clientOf(await shouting()));
  const knot: Record<string, unknown> = {};
  knot["knot"] = knot;
  await expect(room.send("say", knot)).rejects.toThrow(/circular/i);
  expect(await room.send("say", undefined)).toBe("NULL");
});

test("a channel is left only after its messages were answered", async () => {
  const server = await shouting();
  const room = enter(clientOf(server));
  let release = (): void => {};
  server.answers.set("send", (_, socket) => {
    release = () => socket.emit("said", "x", { channel: ROOM });
    return undefined;
  });
  const sent = room.send("say", "a").catch((error: { code: string }) => error.code);
  room.close();
  await soon(() => expect(texts(server)).toEqual(["a"]));
  release();
  server.answers.set("send", () => ({ ok: true, data: "done" }));
  server.cut();
  expect(await sent).toBe("done");
  await soon(() => expect(server.frames.at(-1)?.name).toBe("leave"));
});

test("closing the client lets nobody wait", async () => {
  const server = await new ScriptedServer().reserve();
  const client = clientOf(server);
  const room = enter(client);
  const sent = room.send("say", "a");
  client.close();
  await expect(sent).rejects.toMatchObject({ code: "LIVE_CLOSED" });
  await expect(room.send("say", "b")).rejects.toMatchObject({ code: "LIVE_CLOSED" });
});

test("messages that are kept are sent by the next page, in order and under their ids", async () => {
  const server = await new ScriptedServer().reserve();
  const storage = shelf();
  const before = clientOf(server, { outbox: storedOutbox(storage) });
  const gone = Promise.allSettled(["a", "b"].map((word) => enter(before).send("say", word)));
  await soon(() => expect(storage.kept.map(({ data }) => data)).toEqual(["a", "b"]));
  before.close();
  await gone;
  const ids = storage.kept.map(({ id }) => id);
  expect(ids).toHaveLength(2);
  await server.start();
  const after = clientOf(server, { outbox: storedOutbox(storage) });
  void after.listen(ROOM, { event: () => {} }).send("say", "c");
  await soon(() => expect(texts(server)).toEqual(["a", "b", "c"]));
  expect(server.framesNamed("send").map(({ id }) => id)).toEqual([...ids, expect.any(String)]);
  await soon(() => expect(storage.kept).toEqual([]));
  after.close();
  await server.stop();
});

test("a storage that fails is reported, and the message is sent all the same", async () => {
  const server = await shouting();
  const reports: unknown[] = [];
  globalThis.reportError = (error) => void reports.push(error);
  const broken = {
    all: () => Promise.reject(new Error("no storage")),
    put() {
      throw new Error("quota");
    },
    delete: () => {},
  };
  const room = enter(clientOf(server, { outbox: storedOutbox(broken) }));
  expect(await room.send("say", "a")).toBe("A");
  await soon(() => expect(reports.map(String).sort()).toEqual(["Error: no storage", "Error: quota"]));
});

test("whispers and typing are said while online, and dropped offline", async () => {
  const server = await new ScriptedServer().reserve();
  const client = clientOf(server);
  const room = enter(client);
  room.whisper("moved", { x: 1 });
  room.typing();
  await server.start();
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  await roundTrips(client);
  room.whisper("moved", { x: 2 });
  room.typing(false);
  room.typing();
  room.typing();
  room.typing(false);
  await soon(() =>
    expect(server.frames.slice(1)).toEqual([
      { name: "whisper", body: { channel: ROOM, name: "moved", data: { x: 2 } } },
      { name: "typing", body: { channel: ROOM, on: false } },
      { name: "typing", body: { channel: ROOM, on: true } },
      { name: "typing", body: { channel: ROOM, on: false } },
    ]),
  );
  await roundTrips(client);
  await server.stop();
});

test("whispers are dropped before the channel is joined, and in one that nobody listens to", async () => {
  const server = await openServer();
  server.answers.set("join", () => undefined);
  const client = clientOf(server);
  const room = enter(client);
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  room.whisper("moved", { x: 1 });
  client.to("room/2").whisper("moved", { x: 2 });
  await roundTrips(client);
  expect(server.framesNamed("whisper")).toEqual([]);
});

test("a refused whisper is reported", async () => {
  const server = await openServer();
  const reports: unknown[] = [];
  globalThis.reportError = (error) => void reports.push(error);
  server.answers.set("whisper", () => refusal("LIVE_EVENT_INVALID"));
  const client = clientOf(server);
  const room = enter(client);
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  await roundTrips(client);
  room.whisper("moved", {});
  await soon(() => expect(reports).toMatchObject([{ code: "LIVE_EVENT_INVALID" }]));
});
