import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import busboy from "busboy";
import express from "express";
import type { Request } from "express";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { uploadProgress } from "../../src/express/express.ts";
import { LiveError, createLive, defineContract, uploadSchema } from "../../src/index.ts";
import type { Contract, Live } from "../../src/index.ts";

/** Lines of code between fences, but for imports: they are to be found in this file as well. */
async function unknownLines(page: string): Promise<readonly string[]> {
  const own = dense(await readFile(new URL(import.meta.url), "utf8"));
  const text = await readFile(new URL(`../../../../docs/how-to/${page}.md`, import.meta.url), "utf8");
  const blocks = Array.from(text.matchAll(/```ts\n([\s\S]*?)```/g), (match) => match[1]!);
  const lines = blocks
    .flatMap((block) => block.split("\n"))
    .filter((line) => /\w/.test(line) && !line.startsWith("import "));
  expect(lines.length).toBeGreaterThan(1);
  return lines.filter((line) => !own.includes(dense(line)));
}

/** However it is broken into lines. */
function dense(text: string): string {
  return text.replaceAll(/\s+/g, "").replaceAll(/,(?=[)}\]]|$)/g, "");
}

const signedIn = { auth: { user: "ana" }, headers: {}, url: "/", native: undefined };
const identify = ({ auth }: { auth?: Readonly<Record<string, unknown>> | undefined }) =>
  auth?.["user"] ? { userId: String(auth["user"]) } : undefined;

/** Somebody who is signed in as Ana, without a socket of a library. */
async function visit(live: Live<Contract>) {
  onTestFinished(() => live.close());
  await vi.waitUntil(() => live.door.applied(), 5_000);
  const got: [string, unknown][] = [];
  const rooms = new Set<string>();
  const removeBroadcaster = live.door.hub.addBroadcaster({
    send: ({ channel, frame, args }) => void (rooms.has(channel) && got.push([frame, args[0]])),
  });
  onTestFinished(() => void removeBroadcaster());
  const conversation = live.door.converse(
    {
      ...{ id: "s1", address: undefined, userAgent: undefined },
      emit: (frame, body) => void got.push([frame, body]),
      enter: (channel) => void rooms.add(channel),
      exit: (channel) => void rooms.delete(channel),
      end: () => undefined,
    },
    await live.door.admit(signedIn),
  );
  async function ask(frame: string, request: object): Promise<object> {
    let answer = {};
    await conversation.frames[frame]!(request, (reply) => (answer = reply));
    return answer;
  }
  return { got, ask };
}

test("what the page on messages says compiles and runs", async () => {
  const contract = defineContract({
    channels: {
      "room/:id": {
        events: { said: z.object({ by: z.string(), text: z.string() }) },
        messages: { say: z.object({ text: z.string().min(1).max(500) }) },
      },
    },
  });
  const [authorize, secret, ground] = [{ "room/:id": () => true }, undefined, undefined];
  const live = createLive({ contract, identify, authorize, secret, ground });
  const saveMessage = async (room: string, by: string, text: string) => ({ id: `${room} ${by} ${text}` });
  live.handle("room/:id", {
    async say({ data, identity, params, publish }) {
      if (!identity) throw new LiveError("LIVE_CHANNEL_REFUSED", "Sign in to write.");
      const saved = await saveMessage(params.id, identity.userId, data.text);
      await publish("said", { by: identity.userId, text: data.text });
      return { id: saved.id };
    },
  });
  const { got, ask } = await visit(live as never);
  await ask("join", { channel: "room/7" });
  const message = { channel: "room/7", name: "say", data: { text: "hello" } };
  expect(await ask("send", message)).toEqual({ data: { id: "7 ana hello" } });
  await expect.poll(() => got).toEqual([["said", { by: "ana", text: "hello" }]]);
  expect(await unknownLines("messages")).toEqual([]);
});

test("what the page on typing says compiles and runs", async () => {
  const contract = defineContract({
    channels: { "room/:id": { events: { said: z.object({ text: z.string() }) }, typing: true } },
  });
  const live = createLive({ contract, identify, authorize: { "room/:id": () => true } });
  const { ask } = await visit(live as never);
  await ask("join", { channel: "room/7" });
  expect(await ask("typing", { channel: "room/7", on: true })).toEqual({});
  expect(await unknownLines("typing")).toEqual([]);
});

test("what the page on notifications says compiles and runs", async () => {
  const contract = defineContract({
    channels: {},
    notifications: {
      assigned: z.object({ issueId: z.number(), title: z.string() }),
      welcomed: z.object({ by: z.string() }),
    },
  });
  const live = createLive({ contract, identify });
  const { got, ask } = await visit(live as never);
  await ask("join", { channel: "notifications/ana" });
  const { id } = await live.notify("ana", "assigned", { issueId: 7, title: "Tap drips" });
  await live.change({
    tags: ["issue:7"],
    emit: [live.notification("ana", "assigned", { issueId: 7, title: "Tap drips" })],
  });
  const page = await live.notifications.list("ana", { limit: 20 });
  const older = page.next
    ? await live.notifications.list("ana", { limit: 20, before: page.next })
    : undefined;
  const unread = await live.notifications.unread("ana");
  await live.notifications.markRead("ana", { upTo: page.items[0]!.id });
  await live.notifications.markRead("ana", { ids: [id] });
  expect([page.items.length, older, unread]).toEqual([2, undefined, 2]);
  expect(await live.notifications.unread("ana")).toBe(0);
  const names = () => got.map(([name]) => name);
  const told = ["notification", "notification", "notifications-read", "notifications-read"];
  await expect.poll(names).toEqual(told);
  expect(await unknownLines("notifications")).toEqual([]);
});

test("what the page on announcements says compiles and runs", async () => {
  const contract = defineContract({
    channels: {
      announcements: {
        events: { notice: z.object({ text: z.string() }) },
        history: { events: 50, age: "1d" },
      },
      "user/:userId": { events: { task: z.object({ title: z.string() }) } },
    },
  });
  const live = createLive({
    contract,
    identify: ({ auth }) => (auth?.["user"] ? { userId: String(auth["user"]) } : undefined),
    authorize: {
      announcements: () => true,
      "user/:userId": (identity, { userId }) => identity?.userId === userId,
    },
  });
  const { got, ask } = await visit(live as never);
  await ask("join", { channel: "announcements" });
  await ask("join", { channel: "user/ana" });
  await expect(ask("join", { channel: "user/ben" })).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
  await live.publish("announcements", {}, "notice", { text: "No hot water on Monday." });
  await live.publish("user/:userId", { userId: "ana" }, "task", { title: "Call the plumber" });
  const told = [
    ["notice", { text: "No hot water on Monday." }],
    ["task", { title: "Call the plumber" }],
  ];
  await expect.poll(() => got).toEqual(told);
  expect(await unknownLines("announcements")).toEqual([]);
});

/** Sends a body to a server, and ends the server with the test. */
async function post(server: HttpServer, path: string, body: FormData | string): Promise<number> {
  onTestFinished(() => void server.close());
  await vi.waitUntil(() => server.listening, 5_000);
  const { port } = server.address() as AddressInfo;
  return (await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body })).status;
}

test("what the page on uploads says compiles and runs", async () => {
  const contract = defineContract({
    channels: { "room/:id": { events: {}, whispers: { upload: uploadSchema } } },
  });
  const live = createLive({ contract, identify, authorize: { "room/:id": () => true } });
  const { got, ask } = await visit(live as never);
  await ask("join", { channel: "room/7" });
  const app = express();
  const store = (_name: string, stored: Readable): void => void stored.resume();
  const progress = uploadProgress(live, {
    channel: (req: Request) => ({ pattern: "room/:id", params: { id: String(req.params["id"]) } }),
  });
  app.post("/rooms/:id/files", progress, (req, res) => {
    const parser = busboy({ headers: req.headers });
    parser.on("file", store);
    parser.on("close", () => res.sendStatus(201));
    req.pipe(parser);
  });
  const form = new FormData();
  form.append("photo", new Blob(["x".repeat(10_000)]), "a.jpg");
  expect(await post(app.listen(0, "127.0.0.1"), "/rooms/7/files", form)).toBe(201);
  const isDone = (): boolean => got.some(([, body]) => (body as { done?: true }).done === true);
  await vi.waitUntil(isDone, 5_000);

  const folder = await mkdtemp(join(tmpdir(), "livecache-upload-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "a.txt");
  got.length = 0;
  const count = uploadProgress(live, { channel: () => ({ pattern: "room/:id", params: { id: 7 } }) });
  const server = createServer((req, res) => {
    count(req, res);
    req.pipe(createWriteStream(file)).on("finish", () => res.end());
  });
  expect(await post(server.listen(0, "127.0.0.1"), "/", "hello")).toBe(200);
  await vi.waitUntil(isDone, 5_000);
  expect((await stat(file)).size).toBe(5);
  expect(await unknownLines("uploads")).toEqual([]);
});
