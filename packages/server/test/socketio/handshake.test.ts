import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { expect, test, vi } from "vitest";
import { attach } from "../../src/socketio/attach.ts";
import { readOrigins } from "../../src/base/origin.ts";
import { isOriginAllowed } from "../../src/socketio/origin.ts";
import { openRaw } from "@livecache/rig";
import { serve, turnedAway } from "./serve.ts";

const HOST = "app.example.com";
const LISTED = "https://other.example.com";

test.each<[what: string, headers: Record<string, string>, allowed: boolean]>([
  ["a page of the same host", { origin: "https://app.example.com" }, true],
  ["a page of the same host, with a cookie", { origin: "https://app.example.com", cookie: "sid=1" }, true],
  [
    "a page of the same host, default port spelled out",
    { origin: "https://app.example.com", host: `${HOST}:443` },
    true,
  ],
  ["a page of the same host on another port", { origin: "https://app.example.com:8443" }, false],
  ["a page of another host", { origin: "https://evil.example" }, false],
  ["a page of another host, with a cookie", { origin: "https://evil.example", cookie: "sid=1" }, false],
  ["a host that begins like ours", { origin: "https://app.example.com.evil.example" }, false],
  ["a host that ends like ours", { origin: "https://evil-app.example.com" }, false],
  ["our host as user name", { origin: "https://app.example.com@evil.example" }, false],
  ["a listed origin", { origin: LISTED, cookie: "sid=1" }, true],
  ["a listed origin on plain http", { origin: "http://other.example.com" }, false],
  ["a page without an origin of its own", { origin: "null" }, false],
  ["something that is no origin", { origin: "::::" }, false],
  ["a program", {}, true],
  ["a program with a cookie", { cookie: "sid=1" }, false],
  ["a page of the same host that is polling", { cookie: "sid=1", "sec-fetch-site": "same-origin" }, true],
  ["a foreign page that is polling", { cookie: "sid=1", "sec-fetch-site": "cross-site" }, false],
  ["a neighbour's page that is polling", { cookie: "sid=1", "sec-fetch-site": "same-site" }, false],
  [
    "a page behind a proxy that rewrites the host",
    { origin: "http://x", "sec-fetch-site": "same-origin" },
    true,
  ],
])("%s", (_what, headers, allowed) => {
  expect(isOriginAllowed({ host: HOST, ...headers }, readOrigins("origins", [LISTED]))).toBe(allowed);
});

const FOREIGN: readonly Record<string, string>[] = [{ origin: "https://evil.example" }, { cookie: "sid=1" }];

/** What a handshake is answered with: over WebSocket, or by polling. */
async function shake(url: string, transport: string, headers: Record<string, string>) {
  if (transport === "websocket") {
    const opened = await openRaw(url, headers);
    if ("status" in opened) return opened;
    opened.destroy();
    return { status: 101, body: "" };
  }
  const response = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers });
  return { status: response.status, body: await response.text() };
}

test.each([
  ["websocket", 400],
  ["polling", 403],
])(
  "over %s a foreign page is turned away before anything is upgraded or anybody identified",
  async (transport, status) => {
    let identified = 0;
    const site = await serve({ attach: { origins: [LISTED] }, identify: () => void identified++ });
    for (const headers of FOREIGN) {
      const refused = await shake(site.url, transport, headers);
      expect(refused.status).toBe(status);
      expect(refused.body).toContain("LIVE_ORIGIN_REFUSED: Pages of this origin may not connect.");
    }
    expect(identified).toBe(0);
    expect(site.io.engine.clientsCount).toBe(0);
    expect(site.attached.figures().handshakesRefused).toBe(2);
    expect(
      site.warnings.filter((warning) => warning.includes("list it in attach(live, io, { origins })")).length,
    ).toBe(2);
    for (const origin of [site.url, LISTED]) {
      await site.connect({ transports: [transport], extraHeaders: { origin, cookie: "sid=1" } });
    }
    expect(identified).toBe(2);
  },
);

test("the application's own allowRequest is asked for those whom Livecache lets pass, and its word counts", async () => {
  const asked: unknown[] = [];
  const site = await serve({
    io: {
      allowRequest: ({ headers }, decide) => {
        asked.push(headers["x-user"]);
        decide(headers["x-user"] === "Eve" ? "not Eve" : null, headers["x-user"] !== "Eve");
      },
    },
  });
  await shake(site.url, "polling", { origin: "https://evil.example", "x-user": "Mallory" });
  expect(await shake(site.url, "polling", { "x-user": "Eve" })).toMatchObject({
    status: 403,
    body: expect.stringContaining("not Eve") as unknown,
  });
  expect((await shake(site.url, "polling", { "x-user": "Ada" })).status).toBe(200);
  expect(asked).toEqual(["Eve", "Ada"]);
  site.attached.close();
  await shake(site.url, "polling", { origin: "https://evil.example", "x-user": "Mallory" });
  expect(asked).toEqual(["Eve", "Ada", "Mallory"]);
});

test("a server that begins to listen after attach is guarded as well", async () => {
  const site = await serve();
  const late = new Server();
  const attached = attach(site.live, late);
  const http = createServer();
  late.attach(http);
  http.listen(0, "127.0.0.1");
  await vi.waitUntil(() => http.listening);
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  expect((await shake(url, "websocket", { origin: "https://evil.example" })).status).toBe(400);
  expect((await shake(url, "websocket", {})).status).toBe(101);
  attached.close();
  await late.close();
});

test("identify gets the headers, the url, what the client sent as auth, and the handshake", async () => {
  const seen: unknown[] = [];
  const site = await serve({ identify: (request) => void seen.push(request) });
  const { socket } = await site.connect({ auth: { token: "t" }, extraHeaders: { "x-user": "Ada" } });
  const { handshake } = site.io.sockets.sockets.get(socket.id!)!;
  expect(seen).toEqual([
    {
      headers: expect.objectContaining({ "x-user": "Ada" }) as unknown,
      url: expect.stringContaining("/socket.io/") as unknown,
      auth: { token: "t" },
      native: handshake,
    },
  ]);
});

test("identify that fails turns the client away, and tells the cause to the log only", async () => {
  const site = await serve({ identify: () => Promise.reject(new Error("password of the database")) });
  const error = await turnedAway(site.client());
  expect(error.data).toMatchObject({ code: "LIVE_IDENTITY_FAILED", retryable: true });
  expect(JSON.stringify([error.message, error.data])).not.toContain("password");
  expect(site.warnings.at(-1)).toContain("refused because nobody could say who it is");
});

test("an application's middleware that refuses keeps the client out before Livecache sees it", async () => {
  let identified = 0;
  const site = await serve({
    identify: () => void identified++,
    prepare: (io) => io.use((_socket, next) => next(new Error("not today"))),
  });
  expect((await turnedAway(site.client())).message).toBe("not today");
  expect(identified).toBe(0);
});

test("origins and options that are malformed are refused when the door is attached", async () => {
  const site = await serve();
  const invalid = (because: string) =>
    expect.objectContaining({
      code: "LIVE_OPTIONS_INVALID",
      message: expect.stringContaining(because) as unknown,
    });
  const bad = ["https://a.example/", "a.example", "*", "HTTPS://A.EXAMPLE", ""];
  for (const origin of bad) {
    expect(() => attach(site.live, site.io, { origins: [origin] })).toThrow(
      invalid("https://app.example.com"),
    );
  }
  expect(() => attach(site.live, site.io, { origins: "https://a.example" as never })).toThrow(
    invalid("a list"),
  );
  expect(() => attach(site.live, site.io, { origin: [] } as never)).toThrow(invalid('"origins"?'));
});

test("with connection state recovery on there is a warning, and a recovered socket is asked again and in no channel", async () => {
  let identified = 0;
  const site = await serve({ io: { connectionStateRecovery: {} }, identify: () => void identified++ });
  expect(site.warnings.some((warning) => warning.includes("connection state recovery"))).toBe(true);
  const visitor = await site.connect({ reconnection: true, reconnectionDelay: 10 });
  await visitor.ask("join", { channel: "news" });
  await site.live.change({ emit: [site.live.event("news", {}, "item", 1)] });
  await visitor.names(1);
  // The application's own events are what makes a session one that can be recovered.
  site.io.emit("own", "first");
  await visitor.names(2);
  visitor.socket.io.engine.close();
  await expect.poll(() => visitor.socket.connected && visitor.socket.recovered).toBe(true);
  site.io.emit("own", "second");
  await site.live.change({ emit: [site.live.event("news", {}, "item", 2)] });
  await expect.poll(() => identified).toBe(2);
  expect(await visitor.ask("join", { channel: "news" })).toMatchObject({ ok: true });
  await site.live.change({ emit: [site.live.event("news", {}, "item", 3)] });
  await visitor.names(4);
  expect(visitor.got.map(({ body }) => body)).toEqual([1, "first", "second", 3]);
});

test("anything but a Socket.IO server is refused", async () => {
  const site = await serve();
  for (const io of [undefined, null, {}, createServer()]) {
    expect(() => attach(site.live, io as never)).toThrow(
      expect.objectContaining({
        code: "LIVE_OPTIONS_INVALID",
        message: expect.stringContaining("a Socket.IO server") as unknown,
      }),
    );
  }
});
