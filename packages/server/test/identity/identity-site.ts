import { createServer } from "node:http";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { SignJWT } from "jose";
import { Server } from "socket.io";
import { io as connectTo } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { vi } from "vitest";
import * as forExpress from "../../src/express/express.ts";
import * as forFastify from "../../src/fastify/fastify.ts";
import * as forHono from "../../src/hono/hono.ts";
import { createLive } from "../../src/index.ts";
import type { Ground, Identity, IdentifyRequest, Known, Live } from "../../src/index.ts";
import { createTokenReader } from "../../src/jwt/jwt.ts";
import { createLane } from "../../src/lane/lane.ts";
import type { Lane } from "../../src/lane/lane.ts";
import { attach } from "../../src/socketio/attach.ts";
import type { AttachOptions } from "../../src/socketio/attach.ts";
import { onTestFinished } from "../side-by-side.ts";

/** Of the school's staff. */
export interface Member extends Identity {
  readonly role: string;
}

export type SchoolLive = Live<{ readonly channels: {} }, Member>;

/** Secrets that nothing may ever print. */
export const SECRET = "canary-secret-8Zq2m!x-4Kd9w?y-0007";
const LIVE_SECRET = "canary-live-secret-0123456789-abcdef";

/** A token as the school issues them. */
export async function tokenFor(userId: string, claims: Record<string, unknown> = {}): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const all = { sub: userId, aud: "school", iat: nowSeconds - 1, exp: nowSeconds + 600, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(SECRET));
}

/** What the nodes of a test share: the database of roles, and the ground. */
export interface School {
  readonly roles: Map<string, string>;
  readonly openGround: () => Promise<Ground>;
}

/** A node with HTTP, sockets and a fast lane. */
export interface Node {
  readonly live: SchoolLive;
  readonly lane: Lane;
  /** Everything that was logged, as a log would print it. */
  readonly logged: string[];
  ask(path: string, token?: string): Promise<Answer>;
  connect(token?: string): Promise<Visitor>;
  /** A socket of somebody who has signed in with a session. */
  connectWith(sessionId: string): Promise<Visitor>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

export interface Visitor {
  readonly socket: Socket;
  /** What the server said at the end. */
  readonly ended: { readonly code: string; readonly message: string }[];
  readonly got: { readonly name: string; readonly body: any }[];
}

export type Framework = "express" | "fastify" | "hono";
export const FRAMEWORKS: readonly Framework[] = ["express", "fastify", "hono"];

/** Starts a node; it ends with the test. */
export async function startSchool(
  school: School,
  framework: Framework = "express",
  options: AttachOptions<Member> = {},
): Promise<Node> {
  const logged: string[] = [];
  const reader = createTokenReader({ secret: SECRET, audience: "school" });
  const ofSession = async (id: string, { sessions }: Known): Promise<Member | undefined> => {
    const session = await sessions.read(id);
    const userId = session?.userId;
    if (!session || userId === undefined) return undefined;
    return { userId, sessionId: id, issuedAt: session.createdAtMs, role: school.roles.get(userId) ?? "none" };
  };
  const identify = (request: IdentifyRequest, known: Known) => {
    const sid = request.auth?.["sid"];
    if (typeof sid === "string") return ofSession(sid, known);
    const found = reader.read(request);
    const named = (token: Awaited<typeof found>): Member | undefined =>
      token && { ...token.identity, role: school.roles.get(token.identity.userId) ?? "none" };
    return found instanceof Promise ? found.then(named) : named(found);
  };
  const live = createLive({
    ground: await school.openGround(),
    identify,
    secret: LIVE_SECRET,
    logger: { warn: (message, details) => void logged.push(`${message} ${inspect(details, { depth: 9 })}`) },
  });
  const lane = createLane(live);
  const server = await BUILD[framework](school, live, lane);
  const io = new Server(server);
  const attached = attach(live, io, options);
  lane.attach(server);
  const clients: Socket[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.disconnect();
    attached.close();
    lane.close();
    await io.close();
    await live.close();
  });
  await vi.waitUntil(() => server.listening && live.door.applied(), 5_000);
  const open = (auth: object): Promise<Visitor> => {
    const socket = connectTo(url, { transports: ["websocket"], forceNew: true, reconnection: false, auth });
    clients.push(socket);
    return visit(socket);
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ live, lane, logged },
    async ask(path, token) {
      const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const response = await fetch(url + path, { headers });
      const text = await response.text();
      const isJson = (response.headers.get("content-type") ?? "").includes("json");
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    connect: (token) => open(token === undefined ? {} : { token }),
    connectWith: (sid) => open({ sid }),
  };
}

async function visit(socket: Socket): Promise<Visitor> {
  const visitor: Visitor = { socket, ended: [], got: [] };
  socket.onAny((name: string, body: any) => {
    visitor.got.push({ name, body });
    if (name === "ended") visitor.ended.push(body);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return visitor;
}

/** What the handlers of all frameworks answer. */
function handlers({ roles }: School) {
  let homes = 0;
  let boards = 0;
  return {
    me: ({ userId, role }: Member) => ({ userId, role }),
    home: ({ userId }: Member) => ({ userId, role: roles.get(userId), made: ++homes }),
    board: ({ role }: Member) => ({ role, made: ++boards }),
  };
}

const SENSITIVE = { sensitive: true, maxStale: "1s" } as const;
const PRINCIPALS = { roles: ["principal"] } as const;
const OWN = { ttl: "1h", vary: ["userId"] } as const;
const BY_ROLE = { ttl: "1h", vary: ["role"] } as const;

const BUILD: Readonly<
  Record<Framework, (school: School, live: SchoolLive, lane: Lane) => Promise<HttpServer>>
> = {
  async express(school, live, lane) {
    const { guard, cached, identityOf, liveErrors } = forExpress;
    const { me, home, board } = handlers(school);
    const app = express();
    app.set("env", "test");
    app.get("/me", guard(live), (req, res) => void res.json(me(identityOf(req))));
    app.get("/staff", guard(live, PRINCIPALS), (req, res) => void res.json(me(identityOf(req))));
    app.get(
      "/grades",
      guard(live, SENSITIVE),
      cached(live, { ...OWN, lane }),
      (req, res) => void res.json(home(identityOf(req))),
    );
    app.get(
      "/home",
      guard(live),
      cached(live, { ...OWN, lane }),
      (req, res) => void res.json(home(identityOf(req))),
    );
    app.get(
      "/board",
      guard(live),
      cached(live, { ...BY_ROLE, lane }),
      (req, res) => void res.json(board(identityOf(req))),
    );
    app.get("/bare", (req, res) => void res.json(identityOf(req)));
    app.use(liveErrors());
    return createServer(app).listen(0, "127.0.0.1");
  },
  async fastify(school, live, lane) {
    const { guard, cached, identityOf, liveErrors } = forFastify;
    const { me, home, board } = handlers(school);
    const app = fastify({ forceCloseConnections: true });
    app.setErrorHandler(liveErrors());
    app.get("/me", { onRequest: guard(live) }, async (request) => me(identityOf(request)));
    app.get("/staff", { onRequest: guard(live, PRINCIPALS) }, async (request) => me(identityOf(request)));
    app.get(
      "/grades",
      { onRequest: guard(live, SENSITIVE), ...cached(live, { ...OWN, lane }) },
      async (request) => home(identityOf(request)),
    );
    app.get("/home", { onRequest: guard(live), ...cached(live, { ...OWN, lane }) }, async (request) =>
      home(identityOf(request)),
    );
    app.get("/board", { onRequest: guard(live), ...cached(live, { ...BY_ROLE, lane }) }, async (request) =>
      board(identityOf(request)),
    );
    app.get("/bare", async (request) => identityOf(request));
    await app.listen({ port: 0, host: "127.0.0.1" });
    return app.server;
  },
  async hono(school, live, lane) {
    const { guard, cached, identityOf, liveErrors } = forHono;
    const { me, home, board } = handlers(school);
    const app = new Hono();
    app.onError(liveErrors((_error, c) => c.text("failed", 500)));
    app.get("/me", guard(live), (c) => c.json(me(identityOf(c))));
    app.get("/staff", guard(live, PRINCIPALS), (c) => c.json(me(identityOf(c))));
    app.get("/grades", guard(live, SENSITIVE), cached(live, { ...OWN, lane }), (c) =>
      c.json(home(identityOf(c))),
    );
    app.get("/home", guard(live), cached(live, { ...OWN, lane }), (c) => c.json(home(identityOf(c))));
    app.get("/board", guard(live), cached(live, { ...BY_ROLE, lane }), (c) => c.json(board(identityOf(c))));
    app.get("/bare", (c) => c.json(identityOf(c)));
    return createServer(getRequestListener(app.fetch)).listen(0, "127.0.0.1");
  },
};
