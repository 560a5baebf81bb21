import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { seededRandom, until } from "@livecache/rig";
import { applyPatch } from "@livecache/wire";
import type { BodyFrame, StaleFrame, WatchReply } from "@livecache/wire";
import { Server } from "socket.io";
import { io as connectTo } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";
import type { Live } from "../../src/assembly/create-live.ts";
import type { DoorPlan, OpenDoor } from "../../src/conformance/suites.ts";
import { attach } from "../../src/socketio/attach.ts";
import { openExpress4, openExpress5 } from "../doors/express-doors.ts";
import { openFastify } from "../doors/fastify-door.ts";
import { openHono } from "../doors/hono-door.ts";

const DOORS = [
  ["Express 5", openExpress5],
  ["Express 4", openExpress4],
  ["Fastify", openFastify],
  ["Hono", openHono],
] as const;

/** An application with one pushed route, and a Socket.IO server beside it. */
async function openSite(open: (plan: DoorPlan) => Promise<OpenDoor>) {
  const rows = Array.from({ length: 30 }, (_, id) => ({ id, title: `issue ${id}` }));
  const board = { rows, loads: 0, cookies: [] as unknown[] };
  const handle: DoorPlan["routes"][number]["handle"] = ({ headers: { cookie } }) => {
    board.loads++;
    board.cookies.push(cookie);
    const headers = { "content-type": "application/json" };
    return { headers, body: JSON.stringify(board.rows) };
  };
  const options = { ttl: "5m", tags: ["board"], push: true, public: true };
  const door = await open({ routes: [{ path: "/board", cached: options, handle }] } as unknown as DoorPlan);
  onTestFinished(() => door.close());
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"] });
  const attached = attach(door.live as unknown as Live, io);
  http.listen(0, "127.0.0.1");
  await until(() => http.listening, { what: "the sockets' server listens", withinMs: 3_000 });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const sockets: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of sockets) socket.disconnect();
    attached.close();
    await io.close();
  });
  const connect = (): Socket => {
    const socket = connectTo(url, { transports: ["websocket"], forceNew: true });
    sockets.push(socket);
    return socket;
  };
  return { board, live: door.live, origin: door.origin, connect };
}

/** Loads and watches over real connections, and keeps what is sent. */
async function openScreen(origin: string, socket: Socket, headers: Record<string, string> = {}) {
  const response = await fetch(`${origin}/board`, { headers });
  const screen = {
    value: (await response.json()) as unknown,
    etag: response.headers.get("etag"),
    bodies: [] as BodyFrame[],
    stale: [] as StaleFrame[],
  };
  socket.on("stale", (frame: StaleFrame) => screen.stale.push(frame));
  socket.on("body", (frame: BodyFrame) => {
    screen.bodies.push(frame);
    screen.value = frame.delta ? applyPatch(screen.value, frame.delta) : frame.body;
  });
  const reply = (await socket
    .timeout(5_000)
    .emitWithAck("watch", { token: response.headers.get("live-query") })) as WatchReply;
  expect(reply).toMatchObject({ ok: true, state: "fresh" });
  return screen;
}

test.each(DOORS)(
  "%s: sockets get what a route has become, by one run of it, as a difference that fits",
  async (_name, open) => {
    const { board, live, origin, connect } = await openSite(open);
    const screens = [await openScreen(origin, connect()), await openScreen(origin, connect())];
    expect(board.loads).toBe(1);
    for (let change = 1; change <= 3; change++) {
      board.rows = board.rows.with(change, { id: change, title: `done ${change}` });
      await live.change({ tags: ["board"] });
      await until(() => screens.every(({ bodies }) => bodies.length === change), {
        what: "every screen has the body",
        withinMs: 5_000,
      });
    }
    expect(board.loads).toBe(4);
    for (const { value, etag, bodies } of screens) {
      expect(value).toEqual(board.rows);
      expect(bodies.map(({ from }) => from)).toEqual([etag, bodies[0]!.etag, bodies[1]!.etag]);
    }
  },
);

test("200 real sockets that watch one response: one load for each change, and all converge", async () => {
  const { board, live, origin, connect } = await openSite(openExpress5);
  const screens = await Promise.all(Array.from({ length: 200 }, () => openScreen(origin, connect())));
  expect(board.loads).toBe(1);
  const random = seededRandom(7);
  for (let change = 0; change < 5; change++) {
    const index = random.integer(30);
    board.rows = board.rows.with(index, { id: index, title: `changed ${change}` });
    await live.change({ tags: ["board"] });
    const text = JSON.stringify(board.rows);
    await until(() => screens.every(({ value }) => JSON.stringify(value) === text), {
      what: "every screen shows the change",
      withinMs: 10_000,
    });
  }
  expect(board.loads).toBe(6);
  expect(screens.every(({ stale }) => stale.length === 0)).toBe(true);
});

test("a route is run again with somebody's credentials only as long as nobody has asked without any", async () => {
  const { board, live, origin, connect } = await openSite(openExpress5);
  await fetch(`${origin}/board`, { headers: { cookie: "session=ada" } });
  const change = async (index: number): Promise<void> => {
    board.rows = board.rows.with(index, { id: index, title: "changed" });
    await live.change({ tags: ["board"] });
    await until(() => screen.bodies.length === index, { what: "the body", withinMs: 5_000 });
  };
  const screen = await openScreen(origin, connect());
  await change(1);
  await change(2);
  expect(board.cookies).toEqual(["session=ada", undefined, undefined]);
});

test("a route that lets nobody in without credentials is run again with those of a client", async () => {
  const { board, live, origin, connect } = await openSite(openExpress5);
  await fetch(`${origin}/board`, { headers: { cookie: "session=ada" } });
  const screen = await openScreen(origin, connect(), { cookie: "session=eve" });
  board.rows = board.rows.slice(1);
  await live.change({ tags: ["board"] });
  await until(() => screen.bodies.length === 1, { what: "the body", withinMs: 5_000 });
  expect(board.cookies).toEqual(["session=ada", "session=ada"]);
});
