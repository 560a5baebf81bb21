import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startRedis } from "@livecache/rig";
import type { Ack } from "@livecache/wire";
import { Server } from "socket.io";
import { io as connectTo } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { onTestFinished, vi } from "vitest";
import { z } from "zod";
import { randomWord } from "../../src/base/ids.ts";
import { createLive, createMemoryGround, defineContract, uploadSchema } from "../../src/index.ts";
import type { Ground, Identity, Live, Realm } from "../../src/index.ts";
import { openRedis } from "../../src/redis/open.ts";
import { attach } from "../../src/socketio/attach.ts";
import type { AttachOptions } from "../../src/socketio/attach.ts";

const contract = defineContract({
  channels: {
    "room/:id": {
      events: { said: z.object({ text: z.string() }) },
      messages: { say: z.object({ text: z.string().min(1) }), leave_note: z.object({ text: z.string() }) },
      whispers: { upload: uploadSchema },
      typing: true,
    },
    "quiet/:id": { events: { said: z.object({ text: z.string() }) } },
    announcements: { events: { notice: z.object({ text: z.string() }) } },
    "user/:userId": { events: { task: z.object({ title: z.string() }) } },
  },
  notifications: { assigned: z.object({ issue: z.number() }), greeted: z.object({ text: z.string() }) },
});

export type PeopleLive = Live<typeof contract, Identity>;

/** One node, with a Socket.IO server on a port of its own. */
export interface PeopleNode {
  readonly live: PeopleLive;
  readonly stores: Realm;
  readonly url: string;
  readonly warnings: string[];
  /** Connects a user with a stock client; nobody when there is no name. */
  connect(userId?: string): Promise<Visitor>;
}

/** Somebody who is connected. */
export interface Visitor {
  readonly socket: Socket;
  /** Everything that came, in order. */
  readonly got: { readonly name: string; readonly body: any; readonly meta: any }[];
  ask<Reply = object>(frame: string, request?: unknown): Promise<Ack<Reply>>;
  /** Joins, and expects to be let in. Answers the cursor. */
  join(channel: string, cursor?: string): Promise<string>;
  /** Bodies of what came under a name. */
  bodies(name: string): any[];
}

/** Opens one more connection to the state that the nodes of a test share. */
export type OpenGround = () => Promise<Ground>;

/** Memory that the nodes of a test share. */
export async function openMemory(): Promise<OpenGround> {
  const ground = createMemoryGround();
  return async () => ground;
}

/** A Redis of one test, and what can be done to it. */
export async function openRedisOfTest() {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const open: OpenGround = () => openRedis(redis.url, { prefix: "lc", commandTimeout: "2s" });
  return { redis, open };
}

/** A Redis that the tests of a file share; each test has a prefix of its own. */
export async function openSharedRedis() {
  const redis = await startRedis();
  return {
    close: redis.close,
    async openAll(): Promise<OpenGround> {
      const prefix = randomWord(8);
      return () => openRedis(redis.url, { prefix, commandTimeout: "2s" });
    },
  };
}

/** Starts a node; it ends with the test. */
export async function startNode(openGround: OpenGround, options?: AttachOptions): Promise<PeopleNode> {
  const warnings: string[] = [];
  const ground = await openGround();
  const live = createLive({
    contract,
    ground,
    secret: "0123456789012345678901234567890123456789",
    identify: ({ auth }) => (auth?.["user"] ? { userId: String(auth["user"]) } : undefined),
    authorize: {
      "room/:id": () => true,
      "quiet/:id": () => true,
      announcements: () => true,
      "user/:userId": (identity, { userId }) => identity?.userId === userId,
    },
    logger: { warn: (message, details) => void warnings.push(`${message} ${String(details?.["error"])}`) },
  });
  const http = createServer();
  const io = new Server(http);
  const attached = attach(live, io, options);
  http.listen(0, "127.0.0.1");
  const clients: Socket[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.disconnect();
    attached.close();
    await io.close();
    await live.close();
  });
  await vi.waitUntil(() => http.listening && live.door.applied(), 5_000);
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    live,
    stores: ground.realm("main"),
    url,
    warnings,
    async connect(userId) {
      const auth = userId === undefined ? {} : { user: userId };
      const socket = connectTo(url, { transports: ["websocket"], forceNew: true, reconnection: false, auth });
      clients.push(socket);
      return visit(socket);
    },
  };
}

async function visit(socket: Socket): Promise<Visitor> {
  const got: Visitor["got"] = [];
  socket.onAny((name: string, body: unknown, meta: unknown) => got.push({ name, body, meta }));
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  const visitor: Visitor = {
    socket,
    got,
    ask: (frame, ...request) => socket.timeout(15_000).emitWithAck(frame, ...request) as Promise<never>,
    async join(channel, cursor) {
      const reply = await visitor.ask<{ cursor: string }>("join", { channel, ...(cursor && { cursor }) });
      if (!reply.ok) throw new Error(`not let into ${channel}: ${reply.code} ${reply.message}`);
      return reply.cursor;
    },
    bodies: (name) => got.filter((told) => told.name === name).map(({ body }) => body),
  };
  return visitor;
}

/** A promise to be settled by the test. */
export function gate<T = void>(): { readonly passed: Promise<T>; open(value: T): void } {
  let open!: (value: T) => void;
  const passed = new Promise<T>((resolve) => (open = resolve));
  return { passed, open };
}
