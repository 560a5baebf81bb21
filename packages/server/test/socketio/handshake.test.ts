import { expect, test } from "vitest";
import { attach } from "../../src/socketio/attach.ts";
import { isOriginAllowed, readOrigins } from "../../src/socketio/origin.ts";
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
  expect(isOriginAllowed({ host: HOST, ...headers }, readOrigins([LISTED]))).toBe(allowed);
});

test.each(["websocket", "polling"])(
  "over %s a foreign page is turned away with the reason, before anybody is identified",
  async (transport) => {
    let identified = 0;
    const site = await serve({ attach: { origins: [LISTED] }, identify: () => void identified++ });
    const client = (extraHeaders: Record<string, string>) =>
      site.client({ transports: [transport], extraHeaders });
    const refused = { code: "LIVE_ORIGIN_REFUSED", retryable: false };
    expect(await turnedAway(client({ origin: "https://evil.example" }))).toMatchObject({ data: refused });
    expect(await turnedAway(client({ cookie: "sid=1" }))).toMatchObject({ data: refused });
    expect(identified).toBe(0);
    expect(site.attached.figures().handshakesRefused).toBe(2);
    for (const origin of [site.url, LISTED]) {
      await site.connect({ transports: [transport], extraHeaders: { origin, cookie: "sid=1" } });
    }
    expect(identified).toBe(2);
  },
);

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

test("with connection state recovery on there is a warning, and a recovered socket is in no channel", async () => {
  const site = await serve({ io: { connectionStateRecovery: {} } });
  expect(site.warnings.some((warning) => warning.includes("connection state recovery"))).toBe(true);
  const visitor = await site.connect({ reconnection: true, reconnectionDelay: 10 });
  await visitor.ask("join", { channel: "news" });
  await site.live.change({ emit: [site.live.event("news", {}, "item", 1)] });
  await visitor.names(1);
  visitor.socket.io.engine.close();
  await expect.poll(() => visitor.socket.connected && visitor.socket.recovered).toBe(true);
  await site.live.change({ emit: [site.live.event("news", {}, "item", 2)] });
  await visitor.ask("unwatch", { id: "x" });
  expect(visitor.got.map(({ body }) => body)).toEqual([1]);
});
