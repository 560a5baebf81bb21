import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { defineContract } from "@livecache/wire";
import type { Ack, EventMeta } from "@livecache/wire";
import { Server } from "socket.io";
import type { ServerOptions } from "socket.io";
import { io as connectTo } from "socket.io-client";
import type { ManagerOptions, Socket, SocketOptions } from "socket.io-client";
import { onTestFinished, vi } from "vitest";
import { z } from "zod";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import type { Identify } from "../../src/assembly/resolve-options.ts";
import { identityDigest } from "../../src/base/identity.ts";
import type { Clock } from "../../src/base/clock.ts";
import type { Identity } from "../../src/base/identity.ts";
import { jsonCodec } from "../../src/base/json-codec.ts";
import type { Ground } from "../../src/ports/ground.ts";
import { attach } from "../../src/socketio/attach.ts";
import type { AttachOptions, Attached } from "../../src/socketio/attach.ts";

const contract = defineContract({
  channels: {
    "hostel/:hostelId": {
      events: { new_issue: z.object({ title: z.string() }) },
      whispers: { pointer: z.object({ x: z.number() }) },
    },
    news: { events: { item: z.any() }, whispers: { progress: z.number() } },
    "news/:page": { events: { item: z.any() } },
  },
});

/** Who visits. */
interface Person extends Identity {
  readonly hostel?: string;
}

/** An application with a Socket.IO server on a port of its own, for the length of a test. */
export interface Site {
  readonly live: Live<typeof contract, Person>;
  readonly io: Server;
  readonly attached: Attached;
  readonly url: string;
  readonly warnings: string[];
  /** Caches a response and answers its token. */
  respond(response: { key: string; tags?: string[]; vary?: string[]; identity?: Identity }): Promise<string>;
  /** A stock client, not connected yet. */
  client(options?: Partial<ManagerOptions & SocketOptions>): Socket;
  /** A stock client that is connected, and what it is sent. */
  connect(options?: Partial<ManagerOptions & SocketOptions>): Promise<Visitor>;
}

export interface Visitor {
  readonly socket: Socket;
  readonly got: { readonly name: string; readonly body: unknown; readonly meta: EventMeta | undefined }[];
  ask<Reply = object>(frame: string, ...request: unknown[]): Promise<Ack<Reply>>;
  /** Names of what has come, once there are at least `count`. */
  names(count: number): Promise<string[]>;
}

export interface SiteOptions {
  readonly identify?: Identify<Person>;
  readonly attach?: AttachOptions;
  readonly io?: Partial<ServerOptions>;
  readonly prepare?: (io: Server) => void;
  readonly ground?: Ground;
  readonly clock?: Clock;
  readonly mayReadNews?: () => boolean | Promise<boolean>;
}

/** Starts an application whose sockets say who they are in `auth.user`; students may join their own hostel only. */
export async function serve(options: SiteOptions = {}): Promise<Site> {
  const warnings: string[] = [];
  const live = createLive({
    contract,
    ...(options.ground && { ground: options.ground }),
    ...(options.clock && { clock: options.clock }),
    identify: options.identify ?? (({ auth }) => auth?.["user"] as Person | undefined),
    authorize: {
      "hostel/:hostelId": (identity, { hostelId }) => identity?.hostel === hostelId,
      news: options.mayReadNews ?? (() => true),
      "news/:page": () => true,
    },
    logger: { warn: (message) => warnings.push(message) },
  });
  const http = createServer();
  const io = new Server(http, { maxHttpBufferSize: 65_536, ...options.io });
  options.prepare?.(io);
  const attached = attach(live, io, options.attach);
  http.listen(0, "127.0.0.1");
  const clients: Socket[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.disconnect();
    attached.close();
    await io.close();
    await live.close();
  });
  await vi.waitUntil(() => http.listening && live.door.applied());
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

  const site: Site = {
    live,
    io,
    attached,
    url,
    warnings,
    async respond({ key, tags = [], vary = [], identity }) {
      const load = () => Promise.resolve({ store: true, value: {}, ttlMs: 60_000, tags } as const);
      const { position } = await live.door.cache.resolve({ key, codec: jsonCodec, load });
      return live.door.tokens.mint({
        key,
        tags,
        vary,
        position: position!,
        digest: identityDigest(identity, vary),
        push: false,
      })!;
    },
    client(given) {
      const socket = connectTo(url, {
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        autoConnect: false,
        ...given,
      });
      clients.push(socket);
      return socket;
    },
    async connect(given) {
      const socket = site.client(given);
      const got: Visitor["got"] = [];
      socket.onAny((name: string, body: unknown, meta?: EventMeta) => got.push({ name, body, meta }));
      socket.connect();
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("connect_error", reject);
      });
      return {
        socket,
        got,
        ask: (frame, ...request) => socket.timeout(5_000).emitWithAck(frame, ...request) as Promise<never>,
        async names(count) {
          await vi.waitUntil(() => got.length >= count);
          return got.map(({ name }) => name);
        },
      };
    },
  };
  return site;
}

/** The error with which a client was turned away. */
export async function turnedAway(client: Socket): Promise<Error & { data?: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    client.once("connect_error", resolve);
    client.once("connect", () => reject(new Error("was let in")));
    client.connect();
  });
}
